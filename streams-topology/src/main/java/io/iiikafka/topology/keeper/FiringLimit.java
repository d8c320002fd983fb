package io.iiikafka.topology.keeper;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which calls fit into records. Values are bounded, but a trigger's call may hold several; one that Kafka does not take
 * would stop the partition for good, so it is left out, and said.
 *
 * @param recordBytes of the largest record
 */
record FiringLimit(int recordBytes) {

    private static final Logger LOG = LoggerFactory.getLogger(FiringLimit.class);

    /** Headers, and what jobs keep beside the call. */
    private static final int AROUND = 128 * 1024;

    boolean admits(Firing firing) {
        Call call = firing.call();
        long bytes = (long) length(call.data()) + length(call.metadata());
        if (bytes <= recordBytes - AROUND) {
            return true;
        }
        LOG.atError()
                .addKeyValue("function", call.functionId())
                .addKeyValue("bytes", bytes)
                .addKeyValue("limit", recordBytes - AROUND)
                .log("A call that a change fires is left out: it is larger than a record may be. Let the trigger ask for less"
                        + " (payload, include_meta), or raise limits.max_payload");
        return false;
    }

    private static int length(@Nullable RawJson json) {
        return json == null ? 0 : json.length();
    }
}
