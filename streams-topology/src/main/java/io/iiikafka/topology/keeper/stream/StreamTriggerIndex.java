package io.iiikafka.topology.keeper.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.jspecify.annotations.Nullable;

/**
 * Finds the triggers that an event fires, without looking at those of other streams. The catalog's thread changes it, any
 * thread asks.
 */
final class StreamTriggerIndex implements CatalogListener {

    private static final String TYPE = "stream";

    private final Catalog catalog;
    private final TriggerIndex registrations = new TriggerIndex();
    private final Map<String, StreamTrigger> byKey = new ConcurrentHashMap<>();
    /** Triggers by the stream they are for; those for several under {@link Optional#empty()}. */
    private final Map<Optional<String>, List<StreamTrigger>> byStream = new ConcurrentHashMap<>();

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
            byStream.computeIfPresent(stream(before), (stream, triggers) -> {
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
                stream(trigger),
                List.of(trigger),
                (present, added) -> Stream.concat(present.stream(), added.stream()).toList());
    }

    private static Optional<String> stream(StreamTrigger trigger) {
        return Optional.ofNullable(trigger.config().stream().exact());
    }

    /** Live triggers that the change, or event, fires. */
    List<StreamTrigger> matching(StreamChange change) {
        List<StreamTrigger> ofStream = byStream.get(Optional.of(change.event().group().stream()));
        List<StreamTrigger> ofMany = byStream.get(Optional.<String>empty());
        if (ofStream == null && ofMany == null) {
            return List.of();
        }
        List<StreamTrigger> matching = new ArrayList<>();
        collect(ofStream, change, matching);
        collect(ofMany, change, matching);
        return matching;
    }

    private void collect(@Nullable List<StreamTrigger> candidates, StreamChange change, List<StreamTrigger> matching) {
        if (candidates != null) {
            for (StreamTrigger candidate : candidates) {
                if (candidate.config().matches(change) && counts(candidate)) {
                    matching.add(candidate);
                }
            }
        }
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
