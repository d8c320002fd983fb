package io.iiikafka.topology.keeper.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import io.iiikafka.topology.catalog.Stored;
import io.iiikafka.topology.catalog.TriggerIndex;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Firing;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/** Triggers of type {@code stream:leave}, for sockets whose gateway is gone: gateways call them for their own. */
final class LeaveTriggers implements CatalogListener {

    private static final String TYPE = "stream:leave";
    private static final long PATIENCE_MS = 60_000;

    private final Catalog catalog;
    private final TriggerIndex registrations = new TriggerIndex();

    private LeaveTriggers(Catalog catalog) {
        this.catalog = catalog;
    }

    static LeaveTriggers of(Catalog catalog) {
        LeaveTriggers triggers = new LeaveTriggers(catalog);
        catalog.listen(triggers);
        return triggers;
    }

    @Override
    public void changed(CatalogChange change) {
        registrations.changed(change);
    }

    List<Firing> firings(Subscriber left, @Nullable RawJson note, Command command) {
        List<Firing> firings = new ArrayList<>();
        for (String id : registrations.triggersOfType(TYPE)) {
            Stored<CatalogEntry.Trigger> trigger = registrations.effective(id, catalog);
            if (trigger == null || !registrations.isBuiltin(trigger.entry(), catalog) || note == null) {
                continue;
            }
            SubscriptionTriggerConfig config = SubscriptionTriggerConfig.parseOrNull(trigger.entry().config());
            if (config != null && config.matches(left.group().stream())) {
                firings.add(firing(trigger.entry(), config, left, note, command));
            }
        }
        return firings;
    }

    private static Firing firing(
            CatalogEntry.Trigger trigger,
            SubscriptionTriggerConfig config,
            Subscriber left,
            RawJson note,
            Command command) {
        String name = command.position() + "/" + trigger.key() + "/" + left.noteName();
        Call call = new Call(
                UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString(),
                trigger.functionId(),
                trigger.namespace(),
                left.payload(note),
                trigger.metadata(),
                false,
                null,
                null,
                null,
                command.timestampMs() + PATIENCE_MS);
        return new Firing(call, config.conditionFunction());
    }
}
