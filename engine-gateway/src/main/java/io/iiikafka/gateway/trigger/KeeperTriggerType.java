package io.iiikafka.gateway.trigger;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.trigger.InvalidTriggerException;
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

    @Override
    public void unbind(Binding binding) {
        // The keeper sees in the catalog that it is gone.
    }
}
