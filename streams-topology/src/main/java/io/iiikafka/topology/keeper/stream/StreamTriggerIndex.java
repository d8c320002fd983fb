package io.iiikafka.topology.keeper.stream;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import io.iiikafka.topology.catalog.Stored;
import io.iiikafka.topology.catalog.TriggerIndex;
import io.iiikafka.topology.catalog.TypeKey;
import io.iiikafka.topology.record.Call;

/**
 * Finds the triggers that an event fires, without looking at those of other streams. The catalog's thread changes it, any
 * thread asks.
 */
final class StreamTriggerIndex implements CatalogListener {

    private static final String TYPE = "stream";

    private final Catalog catalog;
    private final TriggerIndex registrations = new TriggerIndex();
    private final Map<String, StreamTrigger> byKey = new ConcurrentHashMap<>();
    private final Map<String, List<StreamTrigger>> byStream = new ConcurrentHashMap<>();

    private StreamTriggerIndex(Catalog catalog) {
        this.catalog = catalog;
    }

    static StreamTriggerIndex of(Catalog catalog) {
        StreamTriggerIndex index = new StreamTriggerIndex(catalog);
        catalog.listen(index);
        return index;
    }

    @Override
    public void changed(CatalogChange change) {
        registrations.changed(change);
        StreamTrigger before = byKey.remove(change.key());
        if (before != null) {
            byStream.computeIfPresent(before.config().stream(), (stream, triggers) -> {
                List<StreamTrigger> rest = triggers.stream().filter(each -> each != before).toList();
                return rest.isEmpty() ? null : rest;
            });
        }
        if (change.after() instanceof CatalogEntry.Trigger trigger && trigger.type().equals(TYPE)) {
            add(trigger, change.offset());
        }
    }

    private void add(CatalogEntry.Trigger entry, long offset) {
        StreamTriggerConfig config;
        try {
            config = StreamTriggerConfig.parse(entry.config());
        } catch (StreamTriggerConfig.InvalidException e) {
            return; // gateways refuse it, too
        }
        StreamTrigger trigger = new StreamTrigger(entry, config, offset);
        byKey.put(entry.key(), trigger);
        byStream.merge(
                config.stream(),
                List.of(trigger),
                (present, added) -> Stream.concat(present.stream(), added.stream()).toList());
    }

    /** Live triggers that the event fires. */
    List<StreamTrigger> matching(StreamEvent event) {
        List<StreamTrigger> candidates = byStream.get(event.group().stream());
        return candidates == null
                ? List.of()
                : candidates.stream()
                        .filter(each -> each.config().matches(event) && counts(each))
                        .toList();
    }

    /** Whether it is the registration of its id that counts, and ours to serve. */
    private boolean counts(StreamTrigger trigger) {
        CatalogEntry.Trigger entry = trigger.entry();
        Stored<CatalogEntry.Trigger> effective = registrations.effective(entry.id(), catalog);
        return effective != null
                && effective.entry().key().equals(entry.key())
                && effective.offset() == trigger.offset()
                && isOurs(entry);
    }

    /** A type of the same name that the registrant's own namespace provides goes first (spec: protocol.md 4.4). */
    private boolean isOurs(CatalogEntry.Trigger trigger) {
        if (trigger.triggerNamespace() != null) {
            return trigger.triggerNamespace().equals(Call.DEFAULT_NAMESPACE);
        }
        return trigger.home().equals(Call.DEFAULT_NAMESPACE)
                || registrations.provider(new TypeKey(trigger.home(), TYPE), catalog) == null;
    }
}
