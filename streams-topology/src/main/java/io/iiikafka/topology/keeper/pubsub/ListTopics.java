package io.iiikafka.topology.keeper.pubsub;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Decision;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Outcome;

/**
 * {@code engine::pubsub::topics}: {@code {}} → the topics that were published to or are subscribed to by name, in order:
 * {@code [{"name":…,"subscriber_count":1,"published":7,"last_published_at":<epoch ms> or null}]} (spec: pubsub.md 9).
 */
final class ListTopics extends PubsubFunction {

    static final String PART = "iii::pubsub::topics";

    private ListTopics(String id) {
        super(id, "The topics of pub/sub", RawJson.EMPTY_OBJECT, null);
    }

    static ListTopics function() {
        return new ListTopics("engine::pubsub::topics");
    }

    /** What one partition knows. */
    static ListTopics part() {
        return new ListTopics(PART);
    }

    @Override
    Placement placement(Input input) {
        return new Placement.Everywhere(PART, ListTopics::merge);
    }

    @Override
    Decision decide(Input input, Command command, PubsubDesk desk) {
        Map<String, TopicInfo> topics = new TreeMap<>();
        desk.subscribers().index().places().stream()
                .filter(topic -> desk.subscribers().count(topic) > 0)
                .forEach(topic -> topics.put(topic, TopicInfo.after(0)));
        desk.stores().forEachTopic(topics::put);
        JsonBuilder rows = JsonBuilder.array();
        topics.forEach((topic, info) -> rows.element(JsonBuilder.object()
                .member("name", topic)
                .member("subscriber_count", desk.subscribers().count(topic))
                .member("published", info.published())
                .member("last_published_at", info.isNew() ? RawJson.NULL : RawJson.of(Long.toString(info.lastMs())))
                .build()));
        return Decision.of(new Outcome.Success(rows.build()));
    }

    /** Every partition knows who is subscribed, and one of them what was published. */
    private static RawJson merge(List<RawJson> parts) {
        Map<String, RawJson> rows = new TreeMap<>();
        for (RawJson part : parts) {
            part.forEachElement(row -> {
                Input members = Input.of("topic", row);
                boolean published = members.integer("published", 0, Long.MAX_VALUE, 0) > 0;
                rows.merge(members.text("name"), row, (one, other) -> published ? other : one);
            });
        }
        JsonBuilder all = JsonBuilder.array();
        rows.values().forEach(all::element);
        return all.build();
    }
}
