package io.iiikafka.topology.keeper.pubsub;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;

import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Decision;
import io.iiikafka.topology.keeper.Desk;
import io.iiikafka.topology.keeper.Firing;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;

/** The topics of one partition at work. */
final class PubsubDesk implements Desk {

    /** So many events that are no longer kept are removed with each new one, so that a backlog of them shrinks. */
    private static final int MOST_REMOVED = 2;

    private final Map<String, PubsubFunction> functions;
    private final PubsubStores stores;
    private final Subscribers subscribers;
    private final PubsubLookBack past;
    private final PubsubSettings settings;
    private final PubsubSweep sweep;
    private final PubsubWatch watch;

    PubsubDesk(
            Map<String, PubsubFunction> functions,
            PubsubStores stores,
            Subscribers subscribers,
            PubsubSettings settings,
            PubsubWatch watch) {
        this.functions = functions;
        this.stores = stores;
        this.subscribers = subscribers;
        this.past = new PubsubLookBack(subscribers, stores, settings.keptMs() > 0);
        this.settings = settings;
        this.watch = watch;
        this.sweep = new PubsubSweep(stores, subscribers, settings);
    }

    PubsubStores stores() {
        return stores;
    }

    Subscribers subscribers() {
        return subscribers;
    }

    @Override
    public Decision run(Command command) {
        try {
            PubsubFunction function = requireNonNull(functions.get(command.call().functionId()));
            return function.decide(Input.of(command.call()), command, this);
        } catch (Refusal refusal) {
            return Decision.of(refusal.outcome());
        }
    }

    /** Counts and keeps the event; gives it with its offset. */
    PublishedEvent publish(PublishedEvent draft) {
        TopicInfo info = stores.topic(draft.topic()).published(draft.timestampMs());
        PublishedEvent event = new PublishedEvent(
                draft.topic(),
                info.latest(),
                draft.id(),
                draft.data(),
                draft.timestampMs(),
                draft.publisher(),
                draft.key(),
                draft.headers(),
                draft.ttlMs());
        if (settings.keptMs() > 0) {
            stores.append(event);
            stores.putTopic(event.topic(), trimmed(event.topic(), info));
        } else {
            stores.putTopic(event.topic(), info.keptFrom(info.latest() + 1));
        }
        sweep.published(draft.timestampMs());
        watch.published(event.topic());
        return event;
    }

    /**
     * What is kept too long is told by the first event, which is looked at while there are not too many; else it is the sweep
     * that finds it.
     */
    private TopicInfo trimmed(String topic, TopicInfo info) {
        long earliest = info.earliest();
        boolean tooMany = info.latest() - earliest >= settings.keptEvents();
        for (int removed = 0; removed < MOST_REMOVED && earliest < info.latest(); removed++) {
            boolean goes = tooMany
                    ? info.latest() - earliest >= settings.keptEvents()
                    : stores.timeOf(topic, earliest) < info.lastMs() - settings.keptMs();
            if (!goes) {
                break;
            }
            stores.remove(topic, earliest++);
        }
        return info.keptFrom(earliest);
    }

    /** Who hears of it now. */
    List<Firing> firings(PublishedEvent event, Command command) {
        List<Firing> firings = subscribers.firings(event, command, past);
        watch.told(event.topic(), firings.size());
        return firings;
    }

    @Override
    public long nextDueMs() {
        return past.isUnfinished() ? 0 : Math.min(sweep.nextDueMs(), past.forgetsMs());
    }

    /** Tells late subscribers of what was before, and removes what is not kept. */
    @Override
    public Decision tick(Command tick) {
        if (tick.offset() < 0) { // only this process's clock says what is old: a nudge by a command is as old as that
            sweep.tick(tick.timestampMs());
            past.forget(tick.timestampMs());
        }
        return new Decision(Outcome.NO_VALUE, past.next(tick));
    }
}
