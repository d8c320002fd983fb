package io.iiikafka.topology.keeper.state;

import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Firing;
import io.iiikafka.topology.keeper.trigger.LookBack;
import io.iiikafka.topology.keeper.trigger.TriggersByPlace.Registered;
import io.iiikafka.topology.update.JsonTree;
import org.jspecify.annotations.Nullable;

/**
 * Tells triggers of earlier changes of their scope, as far as its history is kept (spec: state.md 12.6). The note {@code
 * start-at/<trigger>} is the revision up to which they were told.
 */
final class StateLookBack extends LookBack<StateTriggerConfig, StateLookBack.Walk> {

    private static final Set<String> OF_META =
            Set.of("event_id", "timestamp", "revision", "version", "tx_id", "traceparent", "cause");

    /** Where a change is to be found. */
    private record Place(long revision, long version, StateKey key) {}

    /** What one registration is still to be told of: it is found bit by bit, then told in its order. */
    static final class Walk {
        private final NavigableSet<Place> places = new TreeSet<>(Comparator.comparingLong(Place::revision)
                .thenComparingLong(Place::version)
                .thenComparing(place -> place.key().key()));

        /** From which record on places are still to be looked for; null: all have been found. */
        private @Nullable String from = "";
    }

    /** So many records are looked at at once. */
    private static final int RECORDS = 2_000;

    private final StateStores stores;
    private final Recorder recorder;
    private final boolean enabled;

    StateLookBack(StateTriggers triggers, StateStores stores, Recorder recorder) {
        super(triggers.index());
        this.recorder = recorder;
        this.enabled = triggers.isEnabled();
        this.stores = stores;
    }

    @Override
    public boolean isUnfinished() {
        return enabled && super.isUnfinished();
    }

    @Override
    public List<Firing> next(Command tick) {
        return enabled ? super.next(tick) : List.of();
    }

    /** Whether the trigger will hear of the change by this. */
    boolean takes(Registered<StateTriggerConfig> trigger, StateChange change) {
        String scope = change.key().scope();
        if (!trigger.config().looksBack()
                || !scope.equals(trigger.config().scope())
                || !recorder.keeps(scope)
                || !takes(trigger)) {
            return false;
        }
        Walk walk = begun(trigger);
        if (walk != null && change.revision() > trigger.config().since()) {
            walk.places.add(new Place(change.revision(), change.version(), change.key()));
        }
        return true;
    }

    @Override
    protected Walk begin(Registered<StateTriggerConfig> trigger) {
        return new Walk();
    }

    @Override
    protected List<String> notes(String from, String before, int most) {
        return stores.notes(from, before, most);
    }

    @Override
    protected @Nullable RawJson note(String name) {
        return stores.note(name);
    }

    @Override
    protected void note(String name, @Nullable RawJson note) {
        stores.putNote(name, note);
    }

    @Override
    protected boolean tell(Registered<StateTriggerConfig> trigger, Walk walk, Command tick, List<Firing> firings) {
        String at = "start-at/" + trigger.name();
        RawJson noted = note(at);
        long told = noted == null ? trigger.config().since() : Long.parseLong(noted.toString());
        if (walk.from != null) {
            find(String.valueOf(trigger.config().scope()), told, walk, walk.from);
            if (walk.from != null) {
                return false;
            }
        }
        NavigableSet<Place> places = walk.places;
        int looked = 0;
        // Changes of one revision are told together, because the note says no more than the revision.
        for (Place next = first(places);
                next != null && (looked < PAGE || next.revision() == told);
                next = first(places)) {
            places.pollFirst();
            looked++;
            told = next.revision();
            RawJson record = stores.history().get(next.key(), next.version());
            Firing firing = record == null ? null : firing(trigger, next.key(), record, tick);
            if (firing != null) {
                firings.add(firing);
            }
        }
        if (looked == 0) {
            note(at, null);
            return true;
        }
        note(at, RawJson.of(Long.toString(told)));
        return false;
    }

    private static @Nullable Place first(NavigableSet<Place> places) {
        return places.isEmpty() ? null : places.first();
    }

    private void find(String scope, long told, Walk walk, String from) {
        int[] looked = new int[1];
        walk.from = null;
        stores.history().forEach(scope, from, (name, record) -> {
            if (++looked[0] > RECORDS) {
                walk.from = name;
                return false;
            }
            Place place = place(scope, record);
            if (place.revision() > told) {
                walk.places.add(place);
            }
            return true;
        });
    }

    private static Place place(String scope, RawJson record) {
        long[] numbers = new long[2];
        String[] key = new String[1];
        record.forEachMember((name, value) -> {
            switch (name) {
                case "revision" -> numbers[0] = Long.parseLong(value.toString());
                case "version" -> numbers[1] = Long.parseLong(value.toString());
                case "key" -> key[0] = value.text();
                default -> {} // is read when it is told
            }
        });
        return new Place(numbers[0], numbers[1], new StateKey(scope, String.valueOf(key[0])));
    }

    /** Null when the trigger does not hear of it. */
    private static @Nullable Firing firing(
            Registered<StateTriggerConfig> trigger, StateKey key, RawJson record, Command tick) {
        JsonNode members = record.toTree();
        boolean removed = members.path("event_type").asText().equals(StateEvent.DELETED);
        StateChange change = new StateChange(
                key,
                ChangeRecord.existedBefore(members) ? entry(members, "old_value") : null,
                removed ? null : entry(members, "new_value"),
                members.path("version").longValue(),
                members.path("revision").longValue(),
                false,
                Op.SET,
                null);
        if (!trigger.config().matches(change)) {
            return null;
        }
        RawJson meta = trigger.config().includeMeta() ? meta(record) : null;
        String eventId = members.path("event_id").asText();
        return StateTriggers.firing(trigger, StateEvent.of(change), meta, eventId, tick, change, 1);
    }

    /** Values that were not kept are null. */
    private static StateEntry entry(JsonNode members, String value) {
        return new StateEntry(
                members.has(value) ? JsonTree.write(members.path(value)) : RawJson.NULL,
                members.path("version").longValue(),
                0,
                members.path("revision").longValue(),
                members.path("timestamp").longValue(),
                0);
    }

    private static RawJson meta(RawJson record) {
        JsonBuilder meta = JsonBuilder.object();
        record.forEachMember((name, value) -> {
            if (OF_META.contains(name)) {
                meta.member(name, value);
            }
        });
        return meta.build();
    }
}
