package io.iiikafka.gateway.trigger;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.trigger.InvalidTriggerException;
import io.iiikafka.topology.keeper.trigger.TriggerConfig;
import io.iiikafka.topology.keeper.trigger.TriggersByPlace;
import org.jspecify.annotations.Nullable;

/**
 * A trigger type that the keeper fires: gateways check its configs, the keeper reads the triggers from the catalog.
 *
 * @param reader reads a config, or says what is wrong with it
 */
public record KeeperTriggerType(
        String id,
        String ownerName,
        String description,
        RawJson configurationSchema,
        RawJson requestSchema,
        TriggersByPlace.Reader<?> reader)
        implements BuiltinTriggerType {

    @Override
    public @Nullable RawJson responseSchema() {
        return null;
    }

    @Override
    public @Nullable ErrorBody bind(Binding binding) {
        try {
            reader.read(binding.config());
            return null;
        } catch (InvalidTriggerException e) {
            return ErrorCode.TRIGGER_REGISTRATION_FAILED.body(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Members of a JSON Schema, for what may be promised of deliveries.
     *
     * @param one by what events are ordered, or by {@code all}
     * @param subscription the member under whose name events are kept
     */
    public static String guarantees(String one, String all, String subscription) {
        return ",\"delivery\":{\"type\":\"string\",\"enum\":[\"at_most_once\",\"at_least_once\"]},"
                + "\"retry\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
                + "\"max_attempts\":{\"type\":\"integer\"},\"backoff_ms\":{\"type\":\"integer\"},"
                + "\"max_backoff_ms\":{\"type\":\"integer\"},\"timeout_ms\":{\"type\":\"integer\"}}},"
                + "\"dead_letter_function_id\":{\"type\":\"string\",\"description\":\"Told of what is given up\"},"
                + "\"ordering\":{\"type\":\"string\",\"enum\":[\"" + one + "\",\"" + all + "\",\"none\"]},"
                + "\"max_in_flight\":{\"type\":\"integer\"},\"" + subscription + "\":{\"type\":\"string\","
                + "\"description\":\"Under this name events are kept while no worker is connected\"}";
    }

    /** Null when it is refused. */
    @Nullable TriggerConfig read(RawJson config) {
        try {
            return reader.read(config);
        } catch (InvalidTriggerException e) {
            return null;
        }
    }

    @Override
    public void unbind(Binding binding) {
        // The keeper sees in the catalog that it is gone.
    }
}
