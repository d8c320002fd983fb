package io.iiikafka.topology.keeper.pubsub;

import java.util.ArrayList;
import java.util.List;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Decision;
import io.iiikafka.topology.keeper.Firing;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.LoggedEvent;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Outcome;

/**
 * {@code publish_batch}: {@code {"events":[{"topic":"orders.shipped","data":…},…]}} → nothing; with {@code "ack":true} →
 * {@code {"topic":…,"offset":<of the first>,"events":2}} (spec: pubsub.md 9). All are published or none, right after each
 * other; for that they are of one topic.
 */
final class PublishBatch extends PubsubFunction {

    private static final int MOST = 500;

    private final PubsubSettings settings;

    PublishBatch(PubsubSettings settings) {
        super("publish_batch", "Publish events of one topic, all or none", PubsubSchemas.PUBLISH_BATCH, null);
        this.settings = settings;
    }

    @Override
    Placement placement(Input input) {
        List<Input> events = input.objects("events");
        return new Placement.Owner(events.isEmpty() ? "" : events.getFirst().text("topic"));
    }

    @Override
    Decision decide(Input input, Command command, PubsubDesk desk) {
        List<Input> given = input.objects("events");
        List<PublishedEvent> drafts = read(given, input, command);
        List<Firing> firings = new ArrayList<>();
        List<LoggedEvent> logged = new ArrayList<>();
        PublishedEvent first = null;
        for (int i = 0; i < drafts.size(); i++) {
            PublishedEvent event = Publish.publish(drafts.get(i), given.get(i), desk);
            first = first == null ? event : first;
            firings.addAll(desk.firings(event, command));
            logged.add(event.logged(command.call().traceparent()));
        }
        Outcome outcome = first != null && input.flag("ack") ? acknowledged(first, drafts.size()) : Outcome.NO_VALUE;
        return new Decision(outcome, firings, logged, List.of(), List.of());
    }

    private List<PublishedEvent> read(List<Input> given, Input input, Command command) {
        if (given.isEmpty() || given.size() > MOST) {
            throw input.misfit("`events` must have 1 to " + MOST + " events, it has " + given.size());
        }
        input.flag("ack");
        List<PublishedEvent> events = new ArrayList<>(given.size());
        for (Input each : given) {
            PublishedEvent event = Publish.read(each, command.position() + "/" + events.size(), command, settings);
            if (!events.isEmpty() && !event.topic().equals(events.getFirst().topic())) {
                throw input.misfit("the events of a batch are of one topic; events[" + events.size() + "] is of '"
                        + event.topic() + "', the first of '" + events.getFirst().topic() + "'");
            }
            events.add(event);
        }
        return events;
    }

    private static Outcome acknowledged(PublishedEvent first, int events) {
        return new Outcome.Success(JsonBuilder.object()
                .member("topic", first.topic())
                .member("offset", first.offset())
                .member("events", events)
                .build());
    }
}
