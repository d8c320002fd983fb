package io.iiikafka.topology.keeper.state;

import java.util.OptionalLong;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.update.JsonTree;

/** {@code max_value_bytes}: how long a value may be in its compact form (spec: state.md 3.1, 8.1). */
record ValueLimit(OptionalLong bytes) {

    static final ValueLimit NONE = new ValueLimit(OptionalLong.empty());

    /** @throws Refusal when the value is longer */
    void check(RawJson value) {
        if (bytes.isEmpty() || value.length() <= bytes.getAsLong()) {
            return; // no compact form is longer than the form it came in
        }
        long size = JsonTree.write(JsonTree.read(value)).length();
        if (size > bytes.getAsLong()) {
            throw new Refusal(
                    ErrorCode.VALUE_TOO_LARGE,
                    "value of " + size + " bytes exceeds the configured max_value_bytes limit of " + bytes.getAsLong());
        }
    }
}
