package io.iiikafka.gateway.socket;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;

/** A namespace that was named and left blank is refused everywhere (spec: protocol.md section 12). */
public final class BlankNamespace {

    private BlankNamespace() {}

    public static ErrorBody error(String field) {
        return ErrorCode.INVALID_NAMESPACE.body("`" + field
                + "` is empty: it was named and left blank. Give it a name, or omit it to use `default`.");
    }
}
