package io.iiikafka.topology.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalog as of {@link #position()}.
 *
 * <ol>
 *   <li>One thread applies records, in log order; any thread reads, without locks.
 *   <li>An entry of a connection counts only while the connection's {@link CatalogEntry.Worker} is there and its
 *       gateway's {@link CatalogEntry.Gateway} is: removing the one record ends everything under it at once.
 *   <li>The first live registration of a function owns its id. Further connections with the owner's worker name are
 *       replicas; others do not serve it.
 * </ol>
 */
public final class Catalog {

    private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);

    private final Map<String, Stored<CatalogEntry>> entries = new ConcurrentHashMap<>();
    private final Map<String, CatalogEntry.Gateway> gateways = new ConcurrentHashMap<>();
    private final Map<String, CatalogEntry.Worker> workers = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> keysByConnection = new ConcurrentHashMap<>();
    private final FunctionIndex functions = new FunctionIndex();
    private final PositionGate settled = new PositionGate();
    private final List<CatalogListener> listeners = new CopyOnWriteArrayList<>();
    private volatile long position;

    /** Told of all changes from now on. */
    public void listen(CatalogListener listener) {
        listeners.add(listener);
    }

    /** Applies one record; a null value removes the entry. Called by one thread only. */
    public void apply(String key, byte @Nullable [] value, long offset) {
        CatalogEntry after = value == null ? null : EntryCodec.decode(key, value);
        Stored<CatalogEntry> stored =
                after == null ? entries.remove(key) : entries.put(key, new Stored<>(after, offset));
        CatalogEntry before = stored == null ? null : stored.entry();
        if (before != null) {
            forget(key, before, after);
        }
        if (after != null) {
            index(key, after, offset);
        }
        position = offset + 1;
        if (before != null || after != null) {
            CatalogChange change = new CatalogChange(key, before, after, offset);
            listeners.forEach(listener -> tell(listener, change));
        }
        settled.advance(offset + 1);
    }

    /** What one listener cannot cope with must not keep others, and later changes, from being applied. */
    private static void tell(CatalogListener listener, CatalogChange change) {
        try {
            listener.changed(change);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.atError()
                    .addKeyValue("entry", change.key())
                    .addKeyValue("listener", listener.getClass().getSimpleName())
                    .setCause(e)
                    .log("A change of the catalog was not followed");
        }
    }

    /** Skips what no entry stands for (control records, compacted gaps). Called by the thread that applies. */
    public void skipTo(long next) {
        if (next > position) {
            position = next;
            settled.advance(next);
        }
    }

    private void index(String key, CatalogEntry entry, long offset) {
        switch (entry) {
            case CatalogEntry.Gateway gateway -> gateways.put(gateway.id(), gateway);
            case CatalogEntry.Worker worker -> workers.put(worker.id(), worker);
            case CatalogEntry.Function function -> {
                functions.put(function, offset);
                own(function.connection(), key);
            }
            case CatalogEntry.Trigger trigger -> {
                if (trigger.connection() != null) {
                    own(trigger.connection(), key);
                }
            }
            case CatalogEntry.TriggerType type -> own(type.connection(), key);
            case CatalogEntry.Service service -> own(service.connection(), key);
            case CatalogEntry.TriggerAnswer answer -> {}
            case CatalogEntry.PrivateScopes scopes -> {}
            case CatalogEntry.Queue queue -> {}
            case CatalogEntry.Subscription subscription -> {}
        }
    }

    private void forget(String key, CatalogEntry entry, @Nullable CatalogEntry after) {
        switch (entry) {
            case CatalogEntry.Gateway gateway when after == null -> gateways.remove(gateway.id());
            case CatalogEntry.Worker worker when after == null -> workers.remove(worker.id());
            case CatalogEntry.Function function -> {
                if (!staysUnderItsKey(function, after)) {
                    functions.remove(function);
                }
                disown(function.connection(), key, after);
            }
            case CatalogEntry.Trigger trigger -> {
                if (trigger.connection() != null) {
                    disown(trigger.connection(), key, after);
                }
            }
            case CatalogEntry.TriggerType type -> disown(type.connection(), key, after);
            case CatalogEntry.Service service -> disown(service.connection(), key, after);
            case CatalogEntry.Gateway replaced -> {}
            case CatalogEntry.Worker replaced -> {}
            case CatalogEntry.TriggerAnswer answer -> {}
            case CatalogEntry.PrivateScopes scopes -> {}
            case CatalogEntry.Queue queue -> {}
            case CatalogEntry.Subscription subscription -> {}
        }
    }

    /** A function that is registered again must not be missing for a moment. */
    private static boolean staysUnderItsKey(CatalogEntry.Function before, @Nullable CatalogEntry after) {
        return after instanceof CatalogEntry.Function function
                && function.namespace().equals(before.namespace());
    }

    private void own(String connection, String key) {
        keysByConnection.computeIfAbsent(connection, id -> ConcurrentHashMap.newKeySet()).add(key);
    }

    private void disown(String connection, String key, @Nullable CatalogEntry after) {
        Set<String> keys = keysByConnection.get(connection);
        if (after == null && keys != null && keys.remove(key) && keys.isEmpty()) {
            keysByConnection.remove(connection);
        }
    }

    /** The offset up to which (exclusive) the topic has been applied. Listeners may not have been told of the last entry. */
    public long position() {
        return position;
    }

    /** The offset up to which (exclusive) the topic has been applied and all listeners have been told. */
    public long settledPosition() {
        return settled.position();
    }

    /** Waits until {@link #settledPosition()} has reached {@code wanted}; false when that took longer. */
    public boolean awaitPosition(long wanted, long timeoutMs) throws InterruptedException {
        return settled.await(wanted, timeoutMs);
    }

    public Collection<CatalogEntry.Gateway> gateways() {
        return gateways.values();
    }

    public CatalogEntry.@Nullable Gateway gateway(String id) {
        return gateways.get(id);
    }

    /** The connection, if it is live. */
    public CatalogEntry.@Nullable Worker worker(String connection) {
        CatalogEntry.Worker worker = workers.get(connection);
        return worker != null && gateways.containsKey(worker.gateway()) ? worker : null;
    }

    public Stream<CatalogEntry.Worker> workers() {
        return workers.values().stream().filter(worker -> gateways.containsKey(worker.gateway()));
    }

    /** Connections that this gateway holds, or held when it died. */
    public List<CatalogEntry.Worker> workersOf(String gateway) {
        return workers.values().stream()
                .filter(worker -> worker.gateway().equals(gateway))
                .toList();
    }

    /** Keys of what the connection registered, whether it is live or not. */
    public Set<String> keysOf(String connection) {
        return keysByConnection.getOrDefault(connection, Set.of());
    }

    /** Connections of which entries are left although the connection itself is not in the catalog. */
    public List<String> orphans() {
        return keysByConnection.keySet().stream()
                .filter(connection -> !workers.containsKey(connection))
                .toList();
    }

    public @Nullable Stored<CatalogEntry> entry(String key) {
        return entries.get(key);
    }

    /** The live connections that serve a function: its owner first, then the owner's replicas. */
    public List<Member> members(FunctionKey key) {
        List<Stored<CatalogEntry.Function>> registrations = functions.registrations(key);
        if (registrations.isEmpty()) {
            return List.of();
        }
        List<Member> members = new ArrayList<>(registrations.size());
        for (Stored<CatalogEntry.Function> registration : registrations) {
            Member member = liveMember(registration);
            if (member != null && (members.isEmpty() || sameWorker(members.getFirst().worker(), member.worker()))) {
                members.add(member);
            }
        }
        return members;
    }

    private @Nullable Member liveMember(Stored<CatalogEntry.Function> registration) {
        CatalogEntry.Worker worker = workers.get(registration.entry().connection());
        CatalogEntry.Gateway gateway = worker == null ? null : gateways.get(worker.gateway());
        return worker == null || gateway == null ? null : new Member(registration.entry(), worker, gateway, registration.offset());
    }

    /** Whether two connections are replicas of one worker: the same name, in the same namespace. */
    public static boolean sameWorker(CatalogEntry.Worker one, CatalogEntry.Worker other) {
        return one.id().equals(other.id())
                || one.name() != null
                        && one.name().equals(other.name())
                        && Objects.equals(one.namespace(), other.namespace());
    }

    /** Whether anybody live serves the function. */
    public boolean serves(FunctionKey key) {
        for (Stored<CatalogEntry.Function> registration : functions.registrations(key)) {
            if (liveMember(registration) != null) {
                return true;
            }
        }
        return false;
    }

    /** The identities of all functions that somebody live serves. */
    public Stream<FunctionKey> functionKeys() {
        return functions.keys().stream().filter(this::serves);
    }

    /** The namespaces in which somebody live serves this id, sorted. */
    public List<String> namespacesOf(String functionId) {
        return functions.namespacesOf(functionId).stream()
                .filter(namespace -> serves(new FunctionKey(namespace, functionId)))
                .sorted()
                .toList();
    }

    /** All live entries of one kind: durable ones and those of live connections. */
    public <E extends CatalogEntry> Stream<Stored<E>> live(Class<E> kind) {
        return entries.values().stream()
                .filter(stored -> kind.isInstance(stored.entry()) && isLive(stored.entry()))
                .map(stored -> new Stored<>(kind.cast(stored.entry()), stored.offset()));
    }

    /** Whether the entry counts: it is durable, or its connection is live. */
    public boolean isLive(CatalogEntry entry) {
        return switch (entry) {
            case CatalogEntry.Gateway gateway -> true;
            case CatalogEntry.Worker worker -> gateways.containsKey(worker.gateway());
            case CatalogEntry.Function function -> worker(function.connection()) != null;
            case CatalogEntry.Trigger trigger ->
                trigger.connection() == null || worker(trigger.connection()) != null;
            case CatalogEntry.TriggerType type -> worker(type.connection()) != null;
            case CatalogEntry.TriggerAnswer answer -> true;
            case CatalogEntry.PrivateScopes scopes -> true;
            case CatalogEntry.Queue queue -> true;
            case CatalogEntry.Subscription subscription -> true;
            case CatalogEntry.Service service -> worker(service.connection()) != null;
        };
    }
}
