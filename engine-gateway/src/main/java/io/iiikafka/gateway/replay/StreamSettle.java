package io.iiikafka.gateway.replay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.iiikafka.gateway.invocation.EngineFunction;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.stream.DeliveryId;
import io.iiikafka.topology.keeper.stream.StreamRoom;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;

/**
 * {@code stream::commit}, {@code stream::nack} and {@code stream::extend}: what became of events that were consumed
 * (spec: stream.md 13.4). Tells the partitions that the events came from.
 */
final class StreamSettle implements EngineFunction {

    private final StreamKeeper keeper;
    private final KeeperFunction settle;
    private final Action action;

    /** What can be said of an event. */
    enum Action {
        COMMIT("commit", "Say that events were processed", "committed", ""),
        NACK(
                "nack",
                "Give events back to be processed again",
                "nacked",
                ",\"delay_ms\":{\"type\":\"integer\"},\"reason\":{\"type\":\"string\"}"),
        EXTEND("extend", "Keep events for longer", "extended", ",\"lease_ms\":{\"type\":\"integer\"}");

        private final String verb;
        private final String description;
        private final String counted;
        private final String members;

        Action(String verb, String description, String counted, String members) {
            this.verb = verb;
            this.description = description;
            this.counted = counted;
            this.members = members;
        }
    }

    StreamSettle(StreamKeeper keeper, StreamRoom room, Action action) {
        this.keeper = keeper;
        this.settle = room.part(StreamRoom.CONSUMER_SETTLE);
        this.action = action;
    }

    @Override
    public String id() {
        return "stream::" + action.verb;
    }

    @Override
    public String description() {
        return action.description;
    }

    @Override
    public String workerName() {
        return "iii-stream";
    }

    @Override
    public RawJson requestFormat() {
        return RawJson.of("{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"object\",\"properties\":{"
                + "\"stream_name\":{\"type\":\"string\"},\"consumer_group\":{\"type\":\"string\"},"
                + "\"delivery_ids\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}" + action.members
                + "},\"required\":[\"stream_name\",\"consumer_group\"]}");
    }

    @Override
    public Future<Outcome> call(Call call) {
        try {
            Input input = Input.of(call);
            input.text("stream_name");
            input.text("consumer_group");
            long leaseMs = input.integer("lease_ms", 1_000, 3_600_000, 30_000);
            return settled(input, call, leaseMs).recover(StreamKeeper::refused);
        } catch (Refusal refusal) {
            return Future.succeededFuture(refusal.outcome());
        }
    }

    private Future<Outcome> settled(Input input, Call call, long leaseMs) {
        JsonBuilder stale = JsonBuilder.array();
        List<Future<RawJson>> asked = new ArrayList<>();
        byGroup(input, stale).forEach((group, ids) -> {
            JsonBuilder list = JsonBuilder.array();
            ids.forEach(list::element);
            asked.add(keeper.value(settle, request(input, group).member("delivery_ids", list.build()).build(), call));
        });
        if (action == Action.COMMIT && input.find("offset") != null) {
            RawJson upTo = request(input, input.text("group_id")).member("offset", input.require("offset")).build();
            asked.add(keeper.value(settle, upTo, call));
        }
        long now = System.currentTimeMillis();
        return Future.all(asked).map(all -> {
            long[] count = new long[1];
            asked.forEach(each -> each.result().forEachMember((name, value) -> {
                if (name.equals("settled")) {
                    count[0] += Long.parseLong(value.toString());
                } else {
                    value.forEachElement(stale::element);
                }
            }));
            JsonBuilder reply = JsonBuilder.object().member(action.counted, count[0]).member("stale", stale.build());
            if (action == Action.EXTEND) {
                reply.member("lease_expires_at", now + leaseMs);
            }
            return new Outcome.Success(reply.build());
        });
    }

    /** Ids that are none are stale. */
    private static Map<String, List<String>> byGroup(Input input, JsonBuilder stale) {
        Map<String, List<String>> byGroup = new LinkedHashMap<>();
        for (RawJson element : input.elements("delivery_ids")) {
            String id = input.element("delivery_ids", element);
            DeliveryId delivery = DeliveryId.parse(id);
            if (delivery == null) {
                stale.element(id);
            } else {
                byGroup.computeIfAbsent(delivery.group(), first -> new ArrayList<>()).add(id);
            }
        }
        return byGroup;
    }

    private JsonBuilder request(Input input, String group) {
        JsonBuilder request = JsonBuilder.object()
                .member("stream_name", input.require("stream_name"))
                .member("consumer_group", input.require("consumer_group"))
                .member("group_id", group)
                .member("action", action.verb);
        for (String name : List.of("delay_ms", "reason", "undelivered", "left", "lease_ms")) {
            if (input.find(name) != null) {
                request.member(name, input.find(name));
            }
        }
        return request;
    }
}
