package io.iiikafka.topology.keeper.pubsub;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Firing;
import io.iiikafka.topology.keeper.trigger.LookBack;
import io.iiikafka.topology.keeper.trigger.TriggersByPlace.Registered;
import org.jspecify.annotations.Nullable;

/**
 * Tells late subscribers of what was published before. The note {@code start-at/<trigger>}, a zero byte and the topic is the
 * offset of the next event.
 */
final class PubsubLookBack extends LookBack<SubscribeConfig> {

    /** Topics that a registration is still to be told of; in memory only, and gone through anew after a restart. */
    private record Walk(long registration, Set<String> topics) {}

    /** How names of notes begin that say which event is told next. */
    static final String PLACE = "start-at/";
    /** How names of notes begin that say that all was told. */
    static final String TOLD = "start/";

    static final RawJson ALL_TOLD = RawJson.of("true");

    private final Subscribers subscribers;
    private final PubsubStores stores;
    private final boolean kept;
    private final Map<String, Walk> walks = new HashMap<>();

    /** @param kept whether events are kept; of none that are not is there anything to be told later */
    PubsubLookBack(Subscribers subscribers, PubsubStores stores, boolean kept) {
        super(subscribers.index());
        this.subscribers = subscribers;
        this.stores = stores;
        this.kept = kept;
    }

    /** Whether the trigger will hear by this of what is published to the topic now. */
    boolean takes(Registered<SubscribeConfig> trigger, String topic) {
        if (!kept || !takes(trigger)) {
            return false;
        }
        Walk walk = walks.get(trigger.name());
        if (walk != null) {
            walk.topics().add(topic);
        }
        return true;
    }

    @Override
    protected void forgetAllBut(Set<String> names) {
        walks.keySet().retainAll(names);
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
    protected boolean tell(Registered<SubscribeConfig> trigger, Command tick, List<Firing> firings) {
        Walk walk = walks.get(trigger.name());
        if (walk == null || walk.registration() != trigger.offset()) {
            walk = new Walk(trigger.offset(), topics(trigger.config()));
            walks.put(trigger.name(), walk);
        }
        int left = PAGE;
        while (left > 0) {
            if (walk.topics().isEmpty()) {
                walks.remove(trigger.name());
                return true;
            }
            String topic = walk.topics().iterator().next();
            int told = tell(trigger, topic, left, tick, firings);
            if (told < left) {
                walk.topics().remove(topic);
            }
            left -= Math.max(1, told);
        }
        return false;
    }

    private Set<String> topics(SubscribeConfig config) {
        Set<String> topics = new LinkedHashSet<>(config.topics().exact());
        if (topics.isEmpty()) {
            stores.forEachTopic((topic, info) -> {
                if (config.topics().matches(topic)) {
                    topics.add(topic);
                }
            });
        }
        return topics;
    }

    /** Tells of so many events at most; gives how many were looked at. */
    private int tell(
            Registered<SubscribeConfig> trigger, String topic, int most, Command tick, List<Firing> firings) {
        TopicInfo info = stores.topic(topic);
        String note = PLACE + trigger.name() + '\0' + topic;
        RawJson at = note(note);
        long from = at == null
                ? requireNonNull(trigger.config().start()).resolve(stores, topic, info)
                : Math.max(info.earliest(), Long.parseLong(at.toString()));
        long to = Math.min(info.latest(), from + most - 1);
        stores.scan(topic, from, to, true, event -> {
            if (!event.isOver(tick.timestampMs()) && trigger.config().matches(event)) {
                firings.add(subscribers.firing(trigger, event, tick));
            }
            return true;
        });
        if (to >= from) {
            note(note, RawJson.of(Long.toString(to + 1)));
        }
        return (int) Math.max(0, to - from + 1);
    }
}
