package io.iiikafka.topology.keeper.stream;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Firing;
import io.iiikafka.topology.keeper.Push;
import org.jspecify.annotations.Nullable;

/**
 * Which gateways must be told of which groups of one partition: those that hold a socket with a subscription there. The
 * subscriptions are noted in the store, so that a keeper that takes over knows them; this is what is looked up at every
 * change.
 */
final class Subscribers {

    private final Catalog catalog;
    private final StreamStores stores;
    private final LeaveTriggers triggers;
    private final Map<StreamGroup, Map<String, Set<String>>> notes = new HashMap<>();
    /** Where each gateway was reached last: while its slots change it has none for a moment, but reads on where it did. */
    private final Map<String, Integer> slots = new HashMap<>();

    Subscribers(Catalog catalog, StreamStores stores, LeaveTriggers triggers) {
        this.catalog = catalog;
        this.stores = stores;
        this.triggers = triggers;
        stores.forEachNote(Subscriber.PREFIX, (name, note) -> {
            add(name);
            return true;
        });
    }

    private void add(String name) {
        Subscriber subscriber = Subscriber.parse(name);
        notes.computeIfAbsent(subscriber.group(), group -> new HashMap<>())
                .computeIfAbsent(subscriber.gateway(), gateway -> new HashSet<>())
                .add(name);
    }

    private void remove(String name) {
        Subscriber subscriber = Subscriber.parse(name);
        notes.computeIfPresent(subscriber.group(), (group, gateways) -> {
            gateways.computeIfPresent(subscriber.gateway(), (gateway, names) -> {
                names.remove(name);
                return names.isEmpty() ? null : names;
            });
            return gateways.isEmpty() ? null : gateways;
        });
    }

    /** Ends the subscriptions of the gateways that the draft says are gone; gives the calls that this causes. */
    List<Firing> depart(StreamDraft draft, Command command) {
        List<Firing> firings = new ArrayList<>();
        for (String gateway : draft.departed()) {
            if (catalog.gateway(gateway) == null) {
                notes.values().stream()
                        .flatMap(gateways -> gateways.getOrDefault(gateway, Set.of()).stream())
                        .sorted()
                        .forEach(name -> {
                            draft.note(name, null);
                            firings.addAll(triggers.firings(Subscriber.parse(name), stores.note(name), command));
                        });
            }
        }
        // Those that depart now may only have been taken for dead: they come back without a slot at first.
        slots.keySet().removeIf(each -> catalog.gateway(each) == null && !draft.departed().contains(each));
        return firings;
    }

    /** Takes in what the draft changed. */
    void apply(StreamDraft draft) {
        draft.notes().forEach((name, note) -> {
            if (name.startsWith(Subscriber.PREFIX)) {
                if (note.isPresent()) {
                    add(name);
                    slot(Subscriber.parse(name).gateway()); // known from now on, should it have none later
                } else {
                    remove(name);
                }
            }
        });
    }

    /** What the gateways that listen are told of the changes. */
    List<Push> pushes(StreamDraft draft) {
        if (notes.isEmpty()) {
            return List.of();
        }
        List<Push> pushes = new ArrayList<>();
        for (StreamChange change : draft.changes()) {
            StreamEvent event = change.event();
            Map<String, Set<String>> gateways = notes.get(event.group());
            if (gateways != null) {
                tell(gateways.keySet(), event, draft.group(event.group()).offset(), pushes);
            }
        }
        return pushes;
    }

    private void tell(Collection<String> gateways, StreamEvent event, long lastOffset, List<Push> pushes) {
        String key = event.group().recordKey();
        RawJson frame = event.frame();
        for (String gateway : gateways) {
            Integer slot = slot(gateway);
            if (slot != null) {
                pushes.add(new Push(
                        gateway,
                        slot,
                        key,
                        frame,
                        event.eventId(),
                        event.isLogged() ? event.offset() : lastOffset,
                        event.isLogged(),
                        event.timestampMs()));
            }
        }
    }

    /** Null when the gateway is gone, or has never been reachable. */
    private @Nullable Integer slot(String gateway) {
        CatalogEntry.Gateway entry = catalog.gateway(gateway);
        if (entry == null) {
            return null;
        }
        if (!entry.slots().isEmpty()) {
            slots.put(gateway, entry.slots().getFirst());
        }
        return slots.get(gateway);
    }
}
