package io.iiikafka.gateway.socket;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/**
 * HTTP requests with a body that is too large for a frame of their worker: it stays out, since the handler can read it from
 * the channel {@code request_body} all the same (spec: http.md 15).
 */
final class LargeBody {

    private LargeBody() {}

    /** The call's payload with {@code null} for the body; null when it is not that of an HTTP request. */
    static @Nullable RawJson leftOut(Call call) {
        if (call.callerWorkerId() != null || call.data() == null || !call.data().isObject()) {
            return null;
        }
        boolean[] ofHttp = new boolean[1];
        JsonBuilder shorter = JsonBuilder.object();
        call.data().forEachMember((name, value) -> {
            ofHttp[0] |= name.equals("request_body");
            if (!name.equals("rawBody")) {
                shorter.member(name, name.equals("body") ? RawJson.NULL : value);
            }
        });
        return ofHttp[0] ? shorter.build() : null;
    }
}
