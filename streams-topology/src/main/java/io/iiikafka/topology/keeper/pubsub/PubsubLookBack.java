package io.iiikafka.topology.keeper.pubsub;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

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
final class PubsubLookBack extends LookBack<SubscribeConfig, Set<String>> {

    /** How names of notes begin that say which event is told next. */
    static final String PLACE = "start-at/";

    /** How names of notes begin that say that all was told. */
    static final String TOLD = "start/";

    private final Subscribers subscribers;
    private final PubsubStores stores;
    private final boolean kept;

    /** @param kept whether events are kept; of none that are not is there anything to be told later */
    PubsubLookBack(Subscribers subscribers, PubsubStores stores, boolean kept) {
        super(subscribers.index());
        this.subscribers = subscribers;
        this.stores = stores;
        this.kept = kept;
    }

    /** Whether the trigger will hear of the event by this, not now. */
    boolean takes(Registered<SubscribeConfig> trigger, PublishedEvent event) {
        if (!takes(trigger)) {
            return false;
        }
        if (trigger.config().start() instanceof Start.Retained) {
            note(place(trigger, event.topic()), RawJson.of(Long.toString(event.offset() + 1)));
            return false; // what is retained is older than what it hears of now, and so not told any more
        }
        if (!kept) {
            return false;
        }
        Set<String> topics = begun(trigger);
        if (topics != null) {
            topics.add(event.topic());
        }
        return true;
    }

    /** To each registration the value is told that is retained then. */
    @Override
    protected boolean isTold(Registered<SubscribeConfig> trigger, @Nullable RawJson note) {
        return note != null && (!(trigger.config().start() instanceof Start.Retained) || told(trigger).equals(note));
    }

    @Override
    protected RawJson told(Registered<SubscribeConfig> trigger) {
        return trigger.config().start() instanceof Start.Retained
                ? RawJson.of(Long.toString(trigger.offset()))
                : super.told(trigger);
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
    protected List<String> notes(String from, String before, int most) {
        return stores.noteNames(from, before, most);
    }

    /** The topics that it is still to be told of. */
    @Override
    protected Set<String> begin(Registered<SubscribeConfig> trigger) {
        SubscribeConfig config = trigger.config();
        Set<String> topics = new LinkedHashSet<>(config.topics().exact());
        if (topics.isEmpty()) {
            Consumer<String> add = topic -> {
                if (config.topics().matches(topic)) {
                    topics.add(topic);
                }
            };
            if (config.start() instanceof Start.Retained) {
                stores.forEachRetained(add);
            } else {
                stores.forEachTopic((topic, info) -> add.accept(topic));
            }
        }
        return topics;
    }

    @Override
    protected boolean tell(
            Registered<SubscribeConfig> trigger, Set<String> topics, Command tick, List<Firing> firings) {
        int left = PAGE;
        while (left > 0 && !topics.isEmpty()) {
            String topic = topics.iterator().next();
            int told = trigger.config().start() instanceof Start.Retained
                    ? tellRetained(trigger, topic, tick, firings)
                    : tell(trigger, topic, left, tick, firings);
            if (told < left) {
                topics.remove(topic);
            }
            left -= Math.max(1, told);
        }
        return topics.isEmpty();
    }

    private static String place(Registered<SubscribeConfig> trigger, String topic) {
        return PLACE + trigger.name() + '\0' + topic;
    }

    private int tellRetained(
            Registered<SubscribeConfig> trigger, String topic, Command tick, List<Firing> firings) {
        String place = place(trigger, topic);
        PublishedEvent event = note(place) == null ? stores.retained(topic) : null;
        if (event != null && !event.isOver(tick.timestampMs()) && trigger.config().matches(event)) {
            firings.add(subscribers.firing(trigger, event, tick));
        }
        note(place, null);
        return 0;
    }

    /** Tells of so many events at most; gives how many were looked at. */
    private int tell(
            Registered<SubscribeConfig> trigger, String topic, int most, Command tick, List<Firing> firings) {
        TopicInfo info = stores.topic(topic);
        String note = place(trigger, topic);
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
