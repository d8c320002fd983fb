package io.iiikafka.gateway.trigger;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.iiikafka.gateway.catalog.CatalogWriter;
import io.iiikafka.gateway.socket.Connections;
import io.iiikafka.gateway.socket.ProviderAnswers;
import io.iiikafka.gateway.socket.WorkerConnection;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.Frame;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.catalog.Stored;
import io.iiikafka.topology.catalog.TriggerIndex;
import io.iiikafka.topology.catalog.TypeKey;
import io.iiikafka.topology.record.Call;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is registered in line with who provides it (spec: protocol.md 4.3 to 4.6).
 *
 * <p>After each change of the catalog the triggers that it touches are resolved anew. Where the result differs from what
 * was applied, the built-in type is told, or the worker that provides the type if its connection is here. So replays,
 * replacements, fall-backs and parking need no rules of their own.
 *
 * <p>Changes come in on the catalog's thread; any thread reads.
 */
public final class Triggers implements CatalogListener, ProviderAnswers {

    private static final Logger LOG = LoggerFactory.getLogger(Triggers.class);

    /** A trigger as it was last applied. */
    public record Applied(Stored<CatalogEntry.Trigger> trigger, TriggerState state, long providerOffset) {

        /** The type under its current name, whatever older one the registrant may have used. */
        public String typeId() {
            return switch (state) {
                case TriggerState.Builtin builtin -> builtin.typeId();
                case TriggerState.Provided provided -> provided.typeId();
                case TriggerState.Parked parked -> trigger.entry().type();
            };
        }

        /** Whether the name is the type's, or the one that the registrant used. */
        public boolean isCalled(String type) {
            return type.equals(typeId()) || type.equals(trigger.entry().type());
        }
    }

    private final Catalog catalog;
    private final CatalogWriter writer;
    private final Connections connections;
    private final Map<String, BuiltinTriggerType> builtins = new LinkedHashMap<>();
    private final Map<String, Applied> applied = new ConcurrentHashMap<>();
    /** Offsets of registrations that a built-in type refused and that are still in the catalog, by key. */
    private final Map<String, Long> refused = new ConcurrentHashMap<>();
    private final TriggerIndex index = new TriggerIndex();

    public Triggers(Catalog catalog, CatalogWriter writer, Connections connections) {
        this.catalog = catalog;
        this.writer = writer;
        this.connections = connections;
    }

    /** Adds a built-in type; before the catalog is read. */
    public void serve(BuiltinTriggerType type) {
        builtins.put(type.id(), type);
    }

    public Collection<BuiltinTriggerType> builtins() {
        return builtins.values();
    }

    /** All triggers, live and parked. */
    public Collection<Applied> all() {
        return applied.values();
    }

    public @Nullable Applied get(String triggerId) {
        return applied.get(triggerId);
    }

    @Override
    public void changed(CatalogChange change) {
        index.changed(change);
        if (change.after() instanceof CatalogEntry.TriggerType type) {
            warnIfHidden(type);
        }
        if (change.before() instanceof CatalogEntry.Trigger trigger) {
            refused.remove(trigger.key());
        }
        Set<String> touched = new HashSet<>();
        Stream.of(change.before(), change.after()).forEach(entry -> collectTouched(entry, touched));
        touched.forEach(this::reconcile);
    }

    private void collectTouched(@Nullable CatalogEntry entry, Set<String> touched) {
        switch (entry) {
            case CatalogEntry.Trigger trigger -> touched.add(trigger.id());
            case CatalogEntry.TriggerType type ->
                TriggerTypeAliases.namesOf(type.id()).forEach(name -> touched.addAll(index.triggersOfType(name)));
            case CatalogEntry.TriggerAnswer answer -> touched.addAll(index.triggersOfKey(answer.trigger()));
            case CatalogEntry.Worker worker -> collectOwned(worker.id(), touched);
            case CatalogEntry.Gateway gateway ->
                catalog.workersOf(gateway.id()).forEach(worker -> collectOwned(worker.id(), touched));
            case CatalogEntry.Function function -> {}
            case CatalogEntry.Service service -> {}
            case CatalogEntry.PrivateScopes scopes -> {}
            case CatalogEntry.Queue queue -> {}
            case CatalogEntry.Subscription subscription -> {}
            case null -> {}
        }
    }

    private void collectOwned(String connection, Set<String> touched) {
        for (String key : catalog.keysOf(connection)) {
            Stored<CatalogEntry> stored = catalog.entry(key);
            if (stored != null && !(stored.entry() instanceof CatalogEntry.Worker)) {
                collectTouched(stored.entry(), touched);
            }
        }
    }

    private void reconcile(String triggerId) {
        Applied before = applied.get(triggerId);
        Stored<CatalogEntry.Trigger> trigger = index.effective(triggerId, catalog);
        if (trigger == null) {
            if (before != null) {
                applied.remove(triggerId);
                end(before);
            }
            return;
        }
        Applied now = resolve(trigger);
        if (now.equals(before) || wasRefused(now)) {
            return;
        }
        refused.remove(trigger.entry().key());
        if (before != null && !continues(before, now)) {
            end(before);
        }
        applied.put(triggerId, now); // first: the provider may answer before its frame has been left behind here
        ErrorBody refused = begin(now, before);
        if (refused != null) {
            refuse(now, before, refused);
        }
    }

    /** Its registrant was told, and what undoes it is on its way. */
    private boolean wasRefused(Applied now) {
        Stored<CatalogEntry.Trigger> trigger = now.trigger();
        return now.state() instanceof TriggerState.Builtin
                && Long.valueOf(trigger.offset()).equals(refused.get(trigger.entry().key()));
    }

    /** Whether the same provider goes on with the same owner's trigger: it is told of the new one, not of an end. */
    private static boolean continues(Applied before, Applied now) {
        boolean sameOwner = before.trigger().entry().key().equals(now.trigger().entry().key());
        return switch (now.state()) {
            case TriggerState.Builtin builtin -> sameOwner && builtin.equals(before.state());
            case TriggerState.Provided provided -> provided.equals(before.state());
            case TriggerState.Parked parked -> !before.state().live();
        };
    }

    private Applied resolve(Stored<CatalogEntry.Trigger> stored) {
        CatalogEntry.Trigger trigger = stored.entry();
        List<String> namespaces = trigger.triggerNamespace() != null
                ? List.of(trigger.triggerNamespace())
                : List.of(trigger.home(), Call.DEFAULT_NAMESPACE);
        for (String typeId : TriggerTypeAliases.meantBy(trigger.type())) {
            for (String namespace : namespaces) {
                if (namespace.equals(Call.DEFAULT_NAMESPACE) && builtins.containsKey(typeId)) {
                    return new Applied(stored, new TriggerState.Builtin(typeId), 0);
                }
                Stored<CatalogEntry.TriggerType> type = index.provider(new TypeKey(namespace, typeId), catalog);
                if (type != null) {
                    return new Applied(stored, answered(stored, type, namespace), type.offset());
                }
            }
        }
        return new Applied(stored, new TriggerState.Parked("no provider of " + trigger.type() + " is connected"), 0);
    }

    /** The built-in type that serves such a trigger; null when a worker's would, or nobody's. Any thread. */
    public @Nullable String builtinTypeOf(CatalogEntry.Trigger trigger) {
        return resolve(new Stored<>(trigger, Long.MAX_VALUE)).state() instanceof TriggerState.Builtin builtin
                ? builtin.typeId()
                : null;
    }

    private TriggerState answered(
            Stored<CatalogEntry.Trigger> trigger, Stored<CatalogEntry.TriggerType> type, String namespace) {
        Stored<CatalogEntry> stored = catalog.entry(EntryKey.triggerAnswer(trigger.entry().key()));
        if (stored != null
                && stored.entry() instanceof CatalogEntry.TriggerAnswer answer
                && answer.error() != null
                && answer.triggerOffset() == trigger.offset()
                && answer.provider().equals(type.entry().connection())
                && stored.offset() > type.offset()) {
            return new TriggerState.Parked(answer.error().message());
        }
        return new TriggerState.Provided(type.entry().connection(), namespace, type.entry().id());
    }

    private @Nullable ErrorBody begin(Applied now, @Nullable Applied before) {
        CatalogEntry.Trigger trigger = now.trigger().entry();
        switch (now.state()) {
            case TriggerState.Builtin builtin -> {
                return builtin(builtin).bind(binding(now));
            }
            case TriggerState.Provided provided -> {
                WorkerConnection provider = connections.get(provided.connection());
                if (provider != null) {
                    provider.send(new Frame.RegisterTrigger(
                            trigger.id(),
                            provided.typeId(),
                            trigger.functionId(),
                            trigger.config(),
                            trigger.metadata(),
                            unlessDefault(trigger.namespace()),
                            unlessDefault(provided.providerNamespace())));
                }
            }
            case TriggerState.Parked parked -> tellRegistrant(now, before);
        }
        return null;
    }

    private static @Nullable String unlessDefault(String namespace) {
        return namespace.equals(Call.DEFAULT_NAMESPACE) ? null : namespace;
    }

    /** A provider's refusal reaches the registrant as the provider worded it; plain parking is silent. */
    private void tellRegistrant(Applied now, @Nullable Applied before) {
        Stored<CatalogEntry> answer =
                catalog.entry(EntryKey.triggerAnswer(now.trigger().entry().key()));
        boolean refusedNow = before != null && before.state() instanceof TriggerState.Provided;
        if (refusedNow && answer != null && answer.entry() instanceof CatalogEntry.TriggerAnswer refusal) {
            sendResult(now.trigger().entry(), refusal.error());
        }
    }

    private void sendResult(CatalogEntry.Trigger trigger, @Nullable ErrorBody error) {
        WorkerConnection registrant = connections.get(trigger.connection());
        if (registrant != null && error != null) {
            registrant.send(
                    new Frame.TriggerRegistrationResult(trigger.id(), trigger.type(), trigger.functionId(), error));
        }
    }

    /** A built-in type refused: the registrant's gateway says so and undoes the registration (spec: 4.5). */
    private void refuse(Applied now, @Nullable Applied before, ErrorBody error) {
        CatalogEntry.Trigger trigger = now.trigger().entry();
        refused.put(trigger.key(), now.trigger().offset());
        // What a worker provided until now is no registration to go back to: it is this one, and would be refused again.
        Applied own = before != null
                        && before.state() instanceof TriggerState.Builtin
                        && before.trigger().entry().key().equals(trigger.key())
                ? before
                : null;
        if (own == null) {
            applied.remove(trigger.id());
        } else {
            applied.put(trigger.id(), own);
        }
        if (trigger.connection() == null || connections.get(trigger.connection()) != null) {
            sendResult(trigger, error);
            if (trigger.connection() == null) {
                writer.put(new CatalogEntry.TriggerAnswer(trigger.key(), "", now.trigger().offset(), error));
            }
            Future<Void> undone = own == null ? writer.remove(trigger.key()) : writer.put(own.trigger().entry());
            undone.onFailure(unwritten -> refused.remove(trigger.key())); // once more when it is looked at again
        }
    }

    BuiltinTriggerType builtin(TriggerState.Builtin state) {
        return requireNonNull(builtins.get(state.typeId()));
    }

    private void end(Applied before) {
        CatalogEntry.Trigger trigger = before.trigger().entry();
        switch (before.state()) {
            case TriggerState.Builtin builtin ->
                builtin(builtin).unbind(binding(before));
            case TriggerState.Provided provided -> {
                WorkerConnection provider = connections.get(provided.connection());
                if (provider != null) {
                    provider.send(new Frame.UnregisterTrigger(
                            trigger.id(),
                            provided.typeId(),
                            trigger.functionId(),
                            trigger.config(),
                            trigger.metadata(),
                            unlessDefault(trigger.namespace())));
                }
            }
            case TriggerState.Parked parked -> {}
        }
    }

    private static Binding binding(Applied applied) {
        CatalogEntry.Trigger trigger = applied.trigger().entry();
        return new Binding(
                trigger.key(),
                trigger.id(),
                trigger.connection(),
                applied.typeId(),
                trigger.functionId(),
                trigger.namespace(),
                trigger.config(),
                trigger.metadata(),
                applied.trigger().offset());
    }

    /** An answer of a worker to a binding that it was sent; from any other worker it is ignored. */
    @Override
    public void answered(String connection, Frame.TriggerRegistrationResult answer) {
        Applied current = applied.get(answer.id());
        if (current != null
                && current.state() instanceof TriggerState.Provided provided
                && provided.connection().equals(connection)
                && (answer.error() != null || current.trigger().entry().connection() == null)) {
            writer.put(new CatalogEntry.TriggerAnswer(
                    current.trigger().entry().key(), connection, current.trigger().offset(), answer.error()));
        }
    }

    /** All trigger types that somebody provides, built-in ones included. */
    public Stream<TriggerTypeView> types() {
        Stream<TriggerTypeView> builtin = builtins.values().stream()
                .map(type -> new TriggerTypeView(
                        type.id(),
                        Call.DEFAULT_NAMESPACE,
                        type.ownerName(),
                        null,
                        type.description(),
                        type.configurationSchema(),
                        type.requestSchema(),
                        type.responseSchema()));
        return Stream.concat(
                builtin,
                index.provided(catalog).filter(type -> !isHidden(type.entry())).map(this::view));
    }

    /** The engine's own types are protected: a worker's of that name in {@code default} stands behind (spec: 4.3). */
    private boolean isHidden(CatalogEntry.TriggerType type) {
        return type.namespace().equals(Call.DEFAULT_NAMESPACE) && builtins.containsKey(type.id());
    }

    private void warnIfHidden(CatalogEntry.TriggerType type) {
        WorkerConnection local = connections.get(type.connection());
        if (local != null && isHidden(type)) {
            LOG.atWarn()
                    .addKeyValue("worker", type.connection())
                    .addKeyValue("trigger_type", type.id())
                    .log("The trigger type is the engine's own and stays so; register yours under another name or namespace");
        }
    }

    private TriggerTypeView view(Stored<CatalogEntry.TriggerType> stored) {
        CatalogEntry.TriggerType type = stored.entry();
        CatalogEntry.Worker provider = catalog.worker(type.connection());
        String name = provider == null ? null : provider.name();
        return new TriggerTypeView(
                type.id(),
                type.namespace(),
                name == null ? type.id().split("::", 2)[0] : name,
                type.connection(),
                type.description(),
                type.triggerRequestFormat(),
                type.callRequestFormat(),
                null);
    }
}
