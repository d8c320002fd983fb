package io.iiikafka.topology.keeper.queue;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.queue.PayloadField;
import io.iiikafka.topology.queue.QueueSettings;
import org.jspecify.annotations.Nullable;

/** Which jobs of a named queue wait for each other (spec: queue.md 5.2, 6.6). */
public final class Group {

    private Group() {}

    /**
     * The lane of a job; null: it waits for none.
     *
     * @param given in the job's options
     * @throws Refusal when the payload does not say it, though the queue needs to know
     */
    public static @Nullable String of(String queue, QueueSettings settings, @Nullable String given, RawJson data) {
        String field = settings.groupField();
        if (given != null || !settings.fifo()) {
            return given;
        }
        if (field == null) {
            throw refused("FIFO queue '" + queue + "' requires 'message_group_field' to be configured");
        }
        RawJson value = PayloadField.find(data, field);
        if (value == null) {
            throw refused("FIFO queue '" + queue + "' requires field '" + field + "' in data, but it was not found");
        }
        if (value.isNull() || value.toString().equals("\"\"")) {
            throw refused("FIFO queue '" + queue + "': field '" + field + "' must not be null");
        }
        return PayloadField.text(value);
    }

    private static Refusal refused(String message) {
        return new Refusal(ErrorCode.ENQUEUE_ERROR, message);
    }
}
