package io.iiikafka.topology.catalog;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/**
 * Finds triggers by id, key and type, and types by name. Where several live connections registered the same, the one
 * that did so last counts.
 */
public final class TriggerIndex {

    private final Map<String, Set<String>> keysById = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> idsByType = new ConcurrentHashMap<>();
    private final Map<TypeKey, Set<String>> providerKeys = new ConcurrentHashMap<>();

    /** Takes a change of the catalog in, after the catalog itself has. */
    public void changed(CatalogChange change) {
        if (change.before() instanceof CatalogEntry.Trigger trigger) {
            remove(keysById, trigger.id(), trigger.key());
            if (!keysById.containsKey(trigger.id())) {
                remove(idsByType, trigger.type(), trigger.id());
            }
        }
        if (change.before() instanceof CatalogEntry.TriggerType type) {
            remove(providerKeys, new TypeKey(type.namespace(), type.id()), type.key());
        }
        if (change.after() instanceof CatalogEntry.Trigger trigger) {
            add(keysById, trigger.id(), trigger.key());
            add(idsByType, trigger.type(), trigger.id());
        }
        if (change.after() instanceof CatalogEntry.TriggerType type) {
            add(providerKeys, new TypeKey(type.namespace(), type.id()), type.key());
        }
    }

    private static <K> void add(Map<K, Set<String>> map, K key, String value) {
        map.computeIfAbsent(key, absent -> ConcurrentHashMap.newKeySet()).add(value);
    }

    private static <K> void remove(Map<K, Set<String>> map, K key, String value) {
        map.computeIfPresent(key, (same, values) -> {
            values.remove(value);
            return values.isEmpty() ? null : values;
        });
    }

    /** Ids of all triggers of the type, live or not. */
    public Set<String> triggersOfType(String typeId) {
        return Set.copyOf(idsByType.getOrDefault(typeId, Set.of()));
    }

    /** Ids of the triggers whose entry has this key. */
    public Set<String> triggersOfKey(String triggerKey) {
        Set<String> ids = new HashSet<>();
        keysById.forEach((id, keys) -> {
            if (keys.contains(triggerKey)) {
                ids.add(id);
            }
        });
        return ids;
    }

    /** The registration of this id that counts; null when no live one is left. */
    public @Nullable Stored<CatalogEntry.Trigger> effective(String triggerId, Catalog catalog) {
        return latest(keysById.get(triggerId), CatalogEntry.Trigger.class, catalog);
    }

    /** The connection's registration that provides the type; null when none is live. */
    public @Nullable Stored<CatalogEntry.TriggerType> provider(TypeKey type, Catalog catalog) {
        return latest(providerKeys.get(type), CatalogEntry.TriggerType.class, catalog);
    }

    /** The types that somebody live provides. */
    public Stream<Stored<CatalogEntry.TriggerType>> provided(Catalog catalog) {
        return providerKeys.keySet().stream().flatMap(type -> Stream.ofNullable(provider(type, catalog)));
    }

    /**
     * Whether a trigger of a type of the engine's own is the engine's to serve: a type of the same name that the
     * registrant's own namespace provides goes first (spec: protocol.md 4.4).
     */
    public boolean isBuiltin(CatalogEntry.Trigger trigger, Catalog catalog) {
        if (trigger.triggerNamespace() != null) {
            return trigger.triggerNamespace().equals(Call.DEFAULT_NAMESPACE);
        }
        return trigger.home().equals(Call.DEFAULT_NAMESPACE)
                || provider(new TypeKey(trigger.home(), trigger.type()), catalog) == null;
    }

    private static <E extends CatalogEntry> @Nullable Stored<E> latest(
            @Nullable Set<String> keys, Class<E> kind, Catalog catalog) {
        Stored<E> latest = null;
        for (String key : keys == null ? Set.<String>of() : keys) {
            Stored<CatalogEntry> stored = catalog.entry(key);
            if (stored != null
                    && kind.isInstance(stored.entry())
                    && catalog.isLive(stored.entry())
                    && (latest == null || stored.offset() > latest.offset())) {
                latest = new Stored<>(kind.cast(stored.entry()), stored.offset());
            }
        }
        return latest;
    }
}
