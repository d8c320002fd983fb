package io.iiikafka.topology.keeper.state;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

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
final class StateLookBack extends LookBack<StateTriggerConfig> {

    private static final Set<String> OF_META =
            Set.of("event_id", "timestamp", "revision", "version", "tx_id", "traceparent", "cause");

    /** Where a change is to be found. */
    private record Place(long revision, long version, StateKey key) {}

    private final StateStores stores;
    private final Recorder recorder;
    private final boolean enabled;

    /** What is still to be told, by trigger; looked for anew after a restart. */
    private final Map<String, Queue<Place>> pending = new HashMap<>();

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
        return trigger.config().looksBack()
                && scope.equals(trigger.config().scope())
                && recorder.keeps(scope)
                && takes(trigger);
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
    protected boolean tell(Registered<StateTriggerConfig> trigger, Command tick, List<Firing> firings) {
        String at = "start-at/" + trigger.name();
        RawJson noted = note(at);
        long told = noted == null ? trigger.config().since() : Long.parseLong(noted.toString());
        Queue<Place> places = pending.get(trigger.name());
        if (places == null || places.isEmpty()) {
            places = after(told, String.valueOf(trigger.config().scope()));
        }
        int looked = 0;
        // Changes of one revision are told together, because the note says no more than the revision.
        for (Place next = places.peek();
                next != null && (looked < PAGE || next.revision() == told);
                next = places.peek()) {
            places.poll();
            looked++;
            told = next.revision();
            RawJson record = stores.history().get(next.key(), next.version());
            Firing firing = record == null ? null : firing(trigger, next.key(), record, tick);
            if (firing != null) {
                firings.add(firing);
            }
        }
        if (looked == 0) {
            pending.remove(trigger.name());
            note(at, null);
            return true;
        }
        pending.put(trigger.name(), places);
        note(at, RawJson.of(Long.toString(told)));
        return false;
    }

    private Queue<Place> after(long revision, String scope) {
        List<Place> places = new ArrayList<>();
        stores.history().forEach(scope, record -> {
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
            if (numbers[0] > revision) {
                places.add(new Place(numbers[0], numbers[1], new StateKey(scope, String.valueOf(key[0]))));
            }
        });
        places.sort(Comparator.comparingLong(Place::revision).thenComparingLong(Place::version));
        return new ArrayDeque<>(places);
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
