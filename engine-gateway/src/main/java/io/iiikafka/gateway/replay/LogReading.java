package io.iiikafka.gateway.replay;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;

import io.iiikafka.gateway.invocation.Detour;
import io.iiikafka.gateway.invocation.OutcomeHandler;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.stream.StreamRoom;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;

/**
 * Calls of {@code stream::read} that one look at the log does not answer: they wait for an event, or they filter, and
 * the keeper, which looks at a part of the log at a time, finds nothing in the first part.
 */
final class LogReading implements Detour {

    private static final long LONGEST_WAIT_MS = 30_000;

    private final StreamKeeper keeper;
    private final KeeperFunction wait;

    LogReading(StreamKeeper keeper, StreamRoom room) {
        this.keeper = keeper;
        this.wait = room.part(StreamRoom.WAIT);
    }

    @Override
    public boolean takes(Call call, OutcomeHandler handler) {
        Reading reading;
        try {
            Input input = Input.of(call);
            long waitMs = input.integer("wait_ms", 0, LONGEST_WAIT_MS, 0);
            boolean filters = input.find("item_id") != null || input.find("types") != null;
            if (waitMs == 0 && !filters) {
                return false;
            }
            reading = new Reading(call, input, System.currentTimeMillis() + waitMs);
        } catch (Refusal refusal) {
            handler.ended(refusal.outcome());
            return true;
        }
        reading.read(reading.asked).onSuccess(handler::ended);
        return true;
    }

    /** One call, until it has its answer. */
    private final class Reading {

        private final Call call;
        private final RawJson asked;
        private final boolean descending;
        private final boolean endless;
        private final RawJson stream;
        private final RawJson group;
        private final long untilMs;

        Reading(Call call, Input input, long untilMs) {
            this.call = call;
            this.asked = requireNonNull(call.data());
            this.descending = "desc".equals(input.optionalText("order"));
            this.endless = input.find("to") == null && !descending;
            this.stream = input.require("stream_name");
            this.group = input.require("group_id");
            this.untilMs = untilMs;
        }

        Future<Outcome> read(RawJson request) {
            return keeper.ask(keeper.function(StreamRoom.READ), request, call).compose(outcome -> switch (outcome) {
                case Outcome.Success success -> look(success);
                case Outcome.Failure failure -> Future.succeededFuture(failure);
            });
        }

        private Future<Outcome> look(Outcome.Success page) {
            Map<String, RawJson> reply = new HashMap<>();
            requireNonNull(page.value()).forEachMember(reply::put);
            boolean empty = requireNonNull(reply.get("events")).length() == 2;
            boolean end = String.valueOf(reply.get("end")).equals("true");
            if (!empty) {
                return Future.succeededFuture(page);
            }
            RawJson next = JsonBuilder.object().member("offset", reply.get("next_offset")).build();
            if (!end) {
                return read(with(descending ? "to" : "from", next));
            }
            long left = untilMs - System.currentTimeMillis();
            if (!endless || left <= 0) {
                return Future.succeededFuture(page);
            }
            RawJson awaited = JsonBuilder.object()
                    .member("stream_name", stream)
                    .member("group_id", group)
                    .member("offset", reply.get("next_offset"))
                    .build();
            return keeper.await(wait, awaited, left).compose(woken -> woken instanceof Outcome.Success
                    ? read(with("from", next))
                    : Future.succeededFuture(page));
        }

        private RawJson with(String name, RawJson value) {
            JsonBuilder request = JsonBuilder.object();
            asked.forEachMember((member, given) -> {
                if (!member.equals(name)) {
                    request.member(member, given);
                }
            });
            return request.member(name, value).build();
        }
    }
}
