package io.iiikafka.gateway.replay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.iiikafka.gateway.invocation.EngineFunction;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.stream.StreamRoom;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * {@code stream::consume}: hands the next events of a stream to a member of a consumer group (spec: stream.md 13.4). Asks
 * the partitions one after the other until there are enough; waits, where it is told to, until one of them has something.
 */
final class StreamConsume implements EngineFunction {

    private static final RawJson REQUEST = RawJson.of("{\"$schema\":\"http://json-schema.org/draft-07/schema#\","
            + "\"type\":\"object\",\"properties\":{\"stream_name\":{\"type\":\"string\"},"
            + "\"consumer_group\":{\"type\":\"string\",\"description\":\"Created by its first use\"},"
            + "\"group_id\":{\"type\":[\"string\",\"array\",\"null\"],\"description\":\"Only of these groups\"},"
            + "\"member\":{\"type\":\"string\",\"description\":\"Who asks; default: the worker's id\"},"
            + "\"start\":{\"description\":\"Where to begin at the creation of the consumer group: \\\"latest\\\" (default), "
            + "\\\"earliest\\\", {\\\"timestamp\\\":ms}, {\\\"last\\\":n}, or with one group {\\\"offset\\\":n}\"},"
            + "\"max_events\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":500,\"default\":10},"
            + "\"wait_ms\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":30000,\"default\":0},"
            + "\"lease_ms\":{\"type\":\"integer\",\"minimum\":1000,\"maximum\":3600000,\"default\":30000},"
            + "\"ordering\":{\"type\":\"string\",\"enum\":[\"group\",\"item\",\"none\"],\"default\":\"group\"},"
            + "\"types\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},\"item_id\":{\"type\":\"string\"},"
            + "\"max_attempts\":{\"type\":\"integer\",\"minimum\":0,\"default\":0}},"
            + "\"required\":[\"stream_name\",\"consumer_group\"]}");
    private static final List<String> DEFINING = List.of(
            "stream_name", "consumer_group", "ordering", "types", "item_id", "max_attempts", "start");

    /** What comes so close to the caller's deadline may reach nobody. */
    private static final long ANSWER_MS = 200;

    private final StreamKeeper keeper;
    private final int partitions;
    private final KeeperFunction define;
    private final KeeperFunction open;
    private final KeeperFunction take;
    private final KeeperFunction wait;
    private final AtomicInteger turn = new AtomicInteger();

    StreamConsume(StreamKeeper keeper, int partitions, StreamRoom room) {
        this.keeper = keeper;
        this.partitions = partitions;
        this.define = room.part(StreamRoom.CONSUMER_DEFINE);
        this.open = room.part(StreamRoom.CONSUMER_OPEN);
        this.take = room.part(StreamRoom.CONSUMER_TAKE);
        this.wait = room.part(StreamRoom.CONSUMER_WAIT);
    }

    @Override
    public String id() {
        return "stream::consume";
    }

    @Override
    public String description() {
        return "Take the next events of a stream for a consumer group";
    }

    @Override
    public String workerName() {
        return "iii-stream";
    }

    @Override
    public RawJson requestFormat() {
        return REQUEST;
    }

    @Override
    public Future<Outcome> call(Call call) {
        Taking taking;
        try {
            taking = new Taking(call);
        } catch (Refusal refusal) {
            return Future.succeededFuture(refusal.outcome());
        }
        return taking.run().recover(StreamKeeper::refused);
    }

    /** Where to ask: a partition, or the one that a group is on; as members of a request. */
    private record Target(String name, RawJson value) {}

    /** One call, until it is answered. */
    private final class Taking {

        private final Call call;
        private final Input input;
        private final String member;
        private final List<Target> targets = new ArrayList<>();
        private final long maxEvents;
        private final long leaseMs;
        private final long untilMs;
        private final List<RawJson> events = new ArrayList<>();
        private final Map<Target, RawJson> seen = new HashMap<>();
        private RawJson group = RawJson.NULL;
        private RawJson id = RawJson.NULL;
        private long retryAt;
        private long leaseEnds;

        Taking(Call call) {
            this.call = call;
            this.input = Input.of(call);
            input.text("stream_name");
            input.text("consumer_group");
            String given = input.optionalText("member");
            this.member = given != null ? given : call.callerWorkerId() != null ? call.callerWorkerId() : "engine";
            this.maxEvents = input.integer("max_events", 1, 500, 10);
            this.leaseMs = input.integer("lease_ms", 1_000, 3_600_000, 30_000);
            long waitMs = input.integer("wait_ms", 0, 30_000, 0);
            this.untilMs = Math.min(System.currentTimeMillis() + waitMs, call.deadlineMs() - ANSWER_MS);
            addTargets();
            checkStart();
        }

        /** Offsets are a group's own: there must be one that is meant. */
        private void checkStart() {
            RawJson start = input.find("start");
            if (start != null
                    && start.isObject()
                    && !isAbsent(input.object("start", start).find("offset"))
                    && only() == null) {
                throw input.misfit("`start` with an offset needs one `group_id`");
            }
        }

        private static boolean isAbsent(@Nullable RawJson member) {
            return member == null || member.isNull();
        }

        /** The one group that is named; null: there are none, or several. */
        private @Nullable RawJson only() {
            return targets.size() == 1 && targets.getFirst().name().equals("group_id")
                    ? targets.getFirst().value()
                    : null;
        }

        private void addTargets() {
            RawJson groups = input.find("group_id");
            if (groups == null || groups.isNull()) {
                int first = Math.floorMod(turn.getAndIncrement(), partitions);
                for (int i = 0; i < partitions; i++) {
                    targets.add(new Target("partition", RawJson.of(Integer.toString((first + i) % partitions))));
                }
            } else if (groups.isText()) {
                targets.add(new Target("group_id", groups));
            } else {
                for (RawJson each : input.elements("group_id")) {
                    input.element("group_id", each);
                    targets.add(new Target("group_id", each));
                }
            }
        }

        Future<Outcome> run() {
            return define().compose(defined -> round());
        }

        /** Learns which group has the name; it is made where there is none. */
        private Future<Void> define() {
            JsonBuilder request = JsonBuilder.object();
            for (String name : DEFINING) {
                if (input.find(name) != null) {
                    request.member(name, input.find(name));
                }
            }
            return keeper.value(define, request.build(), call).compose(defined -> {
                boolean[] created = new boolean[1];
                defined.forEachMember((name, value) -> {
                    if (name.equals("created")) {
                        created[0] = value.toString().equals("true");
                    } else {
                        group = value;
                        value.forEachMember((member, text) -> id = member.equals("id") ? text : id);
                    }
                });
                return created[0] ? openAll() : Future.<Void>succeededFuture();
            });
        }

        private Future<Void> openAll() {
            List<Future<RawJson>> all = new ArrayList<>();
            for (int partition = 0; partition < partitions; partition++) {
                all.add(open(new Target("partition", RawJson.of(Integer.toString(partition)))));
            }
            return Future.all(all).mapEmpty();
        }

        private Future<RawJson> open(Target target) {
            JsonBuilder request = request(target).member("group", group);
            RawJson only = only();
            if (only != null) {
                request.member("only", only);
            }
            return keeper.value(open, request.build(), call);
        }

        private JsonBuilder request(Target target) {
            return JsonBuilder.object()
                    .member("stream_name", input.require("stream_name"))
                    .member("consumer_group", input.require("consumer_group"))
                    .member(target.name(), target.value());
        }

        private Future<Outcome> round() {
            retryAt = Long.MAX_VALUE;
            leaseEnds = Long.MAX_VALUE;
            Future<Void> asked = Future.succeededFuture();
            for (Target target : targets) {
                asked = asked.compose(next -> events.size() < maxEvents ? take(target, true) : Future.succeededFuture());
            }
            return asked.recover(this::withWhatIsThere).compose(all -> {
                long now = System.currentTimeMillis();
                return events.isEmpty() && now < untilMs
                        ? pause(Math.min(untilMs, Math.max(now + 1, retryAt)) - now).compose(woken -> round())
                        : Future.succeededFuture(answer());
            });
        }

        /** Others gave events, which would have to wait until their leases end. */
        private Future<Void> withWhatIsThere(Throwable failure) {
            return events.isEmpty() ? Future.failedFuture(failure) : Future.succeededFuture();
        }

        private Future<Void> take(Target target, boolean mayOpen) {
            RawJson request = request(target)
                    .member("id", id)
                    .member("member", member)
                    .member("max_events", maxEvents - events.size())
                    .member("lease_ms", leaseMs)
                    .build();
            return keeper.find(take, request, call).compose(taken -> {
                if (taken == null) {
                    // New to the partition, or deleted meanwhile, and perhaps made anew.
                    return mayOpen
                            ? define().compose(defined -> open(target)).compose(opened -> take(target, false))
                            : Future.succeededFuture();
                }
                taken.forEachMember((name, value) -> {
                    switch (name) {
                        case "events" -> value.forEachElement(events::add);
                        case "retry_at" -> {
                            long at = Long.parseLong(value.toString());
                            retryAt = at == 0 ? retryAt : Math.min(retryAt, at);
                        }
                        case "until" -> leaseEnds = Math.min(leaseEnds, Long.parseLong(value.toString()));
                        default -> seen.put(target, value);
                    }
                });
                return Future.succeededFuture();
            });
        }

        /** Until one of the partitions has something new, or the time is over. */
        private Future<@Nullable Void> pause(long ms) {
            return keeper.first(
                    wait,
                    targets.stream()
                            .map(target -> request(target).member("seen", seen.get(target)).build())
                            .toList(),
                    ms);
        }

        private Outcome answer() {
            JsonBuilder list = JsonBuilder.array();
            events.forEach(list::element);
            return new Outcome.Success(JsonBuilder.object()
                    .member("events", list.build())
                    .member("lease_expires_at", leaseEnds)
                    .build());
        }
    }
}
