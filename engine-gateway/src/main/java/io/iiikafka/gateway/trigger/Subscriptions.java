package io.iiikafka.gateway.trigger;

import java.util.UUID;

import io.iiikafka.gateway.catalog.CatalogWriter;
import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.gateway.socket.Connections;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import io.iiikafka.topology.catalog.Stored;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.keeper.LookAround;
import io.iiikafka.topology.keeper.trigger.TriggerConfig;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Triggers that name a subscription outlive their connection: what a worker of this gateway registers so is registered
 * once more, as a durable trigger {@code <type>::durable::<name>}. It hears of events while no worker is connected, and
 * ends when somebody unregisters it. And those that begin in the past are shown to the keeper.
 */
public final class Subscriptions implements CatalogListener {

    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);
    private static final KeeperFunction LOOK_AROUND = new LookAround();
    private static final long PATIENCE_MS = 60_000;

    private final Catalog catalog;
    private final CatalogWriter writer;
    private final Connections connections;
    private final Triggers triggers;
    private final EngineInvoker invoker;

    /** @param triggers follow the catalog before this does */
    public Subscriptions(Catalog catalog, CatalogWriter writer, Connections connections, Triggers triggers, EngineInvoker invoker) {
        this.catalog = catalog;
        this.writer = writer;
        this.connections = connections;
        this.triggers = triggers;
        this.invoker = invoker;
    }

    @Override
    public void changed(CatalogChange change) {
        if (change.after() instanceof CatalogEntry.Trigger trigger
                && trigger.connection() != null
                && connections.get(trigger.connection()) != null) {
            TriggerConfig config = config(trigger, change.offset());
            if (config != null && config.looksBack()) {
                lookAround();
            }
            if (config != null && config.subscription() != null) {
                keep(trigger, config.subscription());
            }
        }
    }

    /** Null when it is none that the keeper fires, or was refused. */
    private @Nullable TriggerConfig config(CatalogEntry.Trigger trigger, long offset) {
        Triggers.Applied applied = triggers.get(trigger.id());
        return applied != null
                        && applied.trigger().offset() == offset
                        && applied.state() instanceof TriggerState.Builtin builtin
                        && triggers.builtin(builtin) instanceof KeeperTriggerType type
                ? type.read(trigger.config())
                : null;
    }

    /** The keeper sees a new trigger when something happens that it hears of; what was before has to be told now. */
    private void lookAround() {
        Call call = new Call(
                UUID.randomUUID().toString(),
                LOOK_AROUND.id(),
                Call.DEFAULT_NAMESPACE,
                null,
                null,
                true,
                null,
                null,
                null,
                System.currentTimeMillis() + PATIENCE_MS);
        invoker.command(LOOK_AROUND, call, outcome -> {
            if (outcome instanceof Outcome.Failure failure) {
                LOG.atWarn()
                        .addKeyValue("code", failure.error().code())
                        .log("A trigger is told of the past when the keeper next looks around: {}", failure.error().message());
            }
        });
    }

    private void keep(CatalogEntry.Trigger trigger, String subscription) {
        CatalogEntry.Trigger kept = new CatalogEntry.Trigger(
                null,
                trigger.type() + "::durable::" + subscription,
                trigger.type(),
                trigger.functionId(),
                trigger.namespace(),
                trigger.triggerNamespace(),
                trigger.home(),
                trigger.config(),
                trigger.metadata());
        Stored<CatalogEntry> present = catalog.entry(kept.key());
        if (present == null || !present.entry().equals(kept)) {
            writer.put(kept);
        }
    }
}
