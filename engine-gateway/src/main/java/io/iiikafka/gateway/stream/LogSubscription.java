package io.iiikafka.gateway.stream;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A subscription that knows its place in the log of its group (spec: stream.md 13.2): it reads the log until nothing is
 * left there, then goes on with what comes in live. Both meet by offset, so that nothing is missing and nothing comes
 * twice. When something does not come in, or the client reads too slowly, it goes back to the log.
 *
 * <p>Used on its client's event loop.
 */
final class LogSubscription extends Subscription {

    private static final long RETRY_MS = 1_000;
    private static final long REST_MS = 20;
    private static final int PAGE = 200;

    private enum State {
        /** The keeper is asked where to begin. */
        JOINING,
        /** A page of the log is on its way. */
        READING,
        /** It goes on when the client has taken what was sent. */
        PAUSED,
        /** All there is has been sent. */
        LIVE
    }

    private final StreamClient client;
    private final JoinOptions options;
    private final int mostHeld;
    private final Deque<Frame> held = new ArrayDeque<>();
    private State state = State.JOINING;
    /** Which question is open: answers to older ones are of no interest. */
    private int asked;
    /** The offset of the first event that has not been dealt with. */
    private long next;
    /** The highest offset that is known to be in the log. */
    private long known;
    private long since;
    private long latest;
    private boolean joined;
    /** The joined one whose place it took; null: none, or it is joined itself. */
    private @Nullable Subscription replaced;
    private boolean mustAnnounce;

    LogSubscription(String id, GroupView view, @Nullable String item, JoinOptions options, StreamClient client, int mostHeld) {
        super(id, view, item);
        this.options = options;
        this.client = client;
        this.mostHeld = mostHeld;
        this.mustAnnounce = options.announces();
    }

    /** It takes the place of that one, which leave triggers are still to be told of if this is refused. */
    void replaces(@Nullable Subscription before) {
        replaced = before instanceof LogSubscription log && !log.joined ? log.replaced : before;
    }

    /** Begins. */
    void begin() {
        join(options.from(), options.sync());
    }

    /** The keeper may have been told that nobody listens: it is asked again, and goes on where this is. */
    void rejoin() {
        if (!joined) {
            begin();
        } else {
            join(JsonBuilder.object().member("offset", next).build(), false);
        }
    }

    private void join(@Nullable RawJson from, boolean sync) {
        state = State.JOINING;
        boolean provided = client.calls().isProvided(view().group());
        int question = ++asked;
        client.syncs().add(
                () -> client.subscriptions().isCurrent(this) && question == asked,
                () -> client.subscriptions().isCurrent(this),
                came -> client.calls().join(
                        client.name(), this, client.context(), from, options.onGap(), sync && !provided, came),
                outcome -> {
                    Map<String, RawJson> answer = Subscriptions.members(outcome);
                    client.subscriptions().known(this, outcome, answer);
                    if (question == asked) {
                        joined(from, sync, provided, outcome, answer);
                    }
                });
    }

    private void answered(int question, Runnable then) {
        client.execute(() -> {
            if (client.subscriptions().isCurrent(this) && question == asked) {
                then.run();
            }
        });
    }

    private void later(long ms, Runnable then) {
        int question = ++asked;
        client.vertx().setTimer(Math.max(1, ms), timer -> answered(question, then));
    }

    private void joined(
            @Nullable RawJson from, boolean sync, boolean provided, Outcome outcome, Map<String, RawJson> answer) {
        switch (outcome) {
            case Outcome.Success success -> {
                if (answer.containsKey("code")) {
                    refused(answer);
                } else {
                    started(answer, sync, provided);
                }
            }
            case Outcome.Failure failure when isFinal(failure.error()) -> refused(Map.of(
                    "code", RawJson.ofValue(Frame.code(failure.error())),
                    "message", RawJson.ofValue(failure.error().message())));
            case Outcome.Failure failure -> later(RETRY_MS, () -> join(from, sync));
        }
    }

    /** Whether it would be the same the next time. */
    private static boolean isFinal(ErrorBody error) {
        return error.code().equals(ErrorCode.REPLAY_DISABLED.code())
                || error.code().equals(ErrorCode.PAYLOAD_TOO_LARGE.code())
                || error.code().equals(ErrorCode.DESERIALIZATION_ERROR.code());
    }

    private static boolean isOutOfRange(ErrorBody error) {
        return error.code().equals(ErrorCode.OFFSET_OUT_OF_RANGE.code());
    }

    private void refused(Map<String, RawJson> why) {
        JsonBuilder event = JsonBuilder.object().member("type", "error");
        for (String name : List.of("code", "message", "earliest", "latest")) {
            if (why.containsKey(name)) {
                event.member(name, why.get(name));
            }
        }
        tell(event.build(), false);
        client.subscriptions().expel(this, joined ? this : replaced);
    }

    private void started(Map<String, RawJson> answer, boolean sync, boolean provided) {
        long contained = number(answer, "offset");
        long timestamp = number(answer, "timestamp");
        RawJson gap = answer.get("gap");
        boolean syncing = sync || gap != null && options.onGap().equals("sync");
        next = answer.containsKey("first") ? number(answer, "first") : contained + 1;
        known = Math.max(known, contained);
        if (!joined || syncing) {
            since = timestamp;
            latest = timestamp;
            held.removeIf(frame -> frame.timestamp() <= since);
        }
        joined = true;
        replaced = null;
        if (gap != null) {
            JsonBuilder event = JsonBuilder.object().member("type", "gap");
            gap.forEachMember(event::member);
            tell(event.build(), false);
        }
        if (!syncing) {
            proceed();
        } else if (provided) {
            read(timestamp, contained);
        } else {
            sync(timestamp, contained, answer.get("data"));
        }
    }

    private static long number(Map<String, RawJson> members, String name) {
        return Long.parseLong(String.valueOf(members.get(name)));
    }

    /** A worker keeps the stream. */
    private void read(long timestamp, long contained) {
        int question = ++asked;
        client.calls().read(view().group(), item(), outcome -> answered(question, () -> sync(
                timestamp,
                contained,
                outcome instanceof Outcome.Success success
                        ? filter().sift(
                                success.value() == null ? RawJson.NULL : success.value(), view().group(), item())
                        : null)));
    }

    private void sync(long timestamp, long contained, @Nullable RawJson data) {
        if (data != null) {
            RawJson frame = Frame.sync(timestamp, view().group(), item(), data);
            client.outbox().answer(Frame.extended(frame, id(), contained, false));
        }
        proceed();
    }

    /** About the subscription, not about the group. */
    private void tell(RawJson event, boolean placed) {
        RawJson frame = Frame.text(latest == 0 ? System.currentTimeMillis() : latest, view().group(), item(), event);
        client.outbox().answer(Frame.extended(frame, id(), placed ? next - 1 : null, false));
    }

    /** Something came in. */
    void offer(Frame frame) {
        if (frame.timestamp() <= since) {
            return;
        }
        known = Math.max(known, frame.position().offset());
        if (held.size() >= mostHeld) {
            held.clear(); // the log has them
        }
        held.add(frame);
        if (state == State.LIVE) {
            release();
        }
    }

    /** The client has taken everything. */
    void resume() {
        if (state == State.PAUSED) {
            proceed();
        }
    }

    private boolean isAhead(Frame frame) {
        long before = frame.position().logged() ? frame.position().offset() - 1 : frame.position().offset();
        return before >= next;
    }

    private void proceed() {
        Frame first = held.peek();
        if (first == null ? known >= next : isAhead(first)) {
            page();
            return;
        }
        if (mustAnnounce) {
            mustAnnounce = false;
            tell(JsonBuilder.object().member("type", "caught_up").member("offset", next - 1).build(), true);
        }
        state = State.LIVE;
        release();
    }

    private void release() {
        for (Frame frame = held.peek(); frame != null; frame = held.peek()) {
            if (isAhead(frame)) {
                page();
                return;
            }
            boolean logged = frame.position().logged();
            if (!(logged && frame.position().offset() < next) && !send(frame, false)) {
                state = State.PAUSED;
                return;
            }
            held.poll();
            if (logged) {
                next = Math.max(next, frame.position().offset() + 1);
            }
        }
    }

    /** False when the client has too much before it. */
    private boolean send(Frame frame, boolean replayed) {
        latest = Math.max(latest, frame.timestamp());
        if (!matches(frame) || !(options.types().isEmpty() || options.types().contains(frame.type()))) {
            return true;
        }
        Long offset = frame.position().logged() ? frame.position().offset() : null;
        return client.outbox().keep(frame.group(), Frame.extended(frame.text(), id(), offset, replayed));
    }

    private void page() {
        mustAnnounce = true;
        if (!client.outbox().hasRoom()) {
            state = State.PAUSED;
            return;
        }
        state = State.READING;
        int question = ++asked;
        int most = options.maxRate() == 0 ? PAGE : Math.min(PAGE, options.maxRate());
        client.calls().page(view().group(), next, most, item(), options.types(), outcome -> answered(question, () -> {
            switch (outcome) {
                case Outcome.Success success -> paged(Subscriptions.members(success));
                case Outcome.Failure failure when isFinal(failure.error()) -> join(null, true); // there is no log
                case Outcome.Failure failure when isOutOfRange(failure.error()) -> rejoin();
                case Outcome.Failure failure -> later(RETRY_MS, this::page);
            }
        }));
    }

    private void paged(Map<String, RawJson> page) {
        if (number(page, "earliest_offset") > next) {
            rejoin(); // the keeper says what to do
            return;
        }
        List<RawJson> records = new ArrayList<>();
        requireNonNull(page.get("events")).forEachElement(records::add);
        for (RawJson record : records) {
            Frame frame = Frame.ofRecord(view().group(), record);
            if (!releaseBefore(frame.position().offset()) || !send(frame, true)) {
                next = frame.position().offset();
                state = State.PAUSED;
                return;
            }
            next = frame.position().offset() + 1;
        }
        long before = next;
        next = Math.max(next, number(page, "next_offset"));
        known = Math.max(known, number(page, "latest_offset"));
        if (!releaseBefore(next)) {
            state = State.PAUSED;
        } else if (options.maxRate() > 0 && !records.isEmpty()) {
            later(records.size() * 1_000L / options.maxRate(), this::proceed);
        } else if (records.isEmpty() && next == before && known >= next) {
            later(REST_MS, this::proceed);
        } else {
            proceed();
        }
    }

    /** What came in live and is older than that: the log has it, but for what is not logged. False: not all could be sent. */
    private boolean releaseBefore(long offset) {
        for (Frame frame = held.peek(); frame != null && frame.position().offset() < offset; frame = held.peek()) {
            if (!frame.position().logged() && !send(frame, false)) {
                return false;
            }
            held.poll();
        }
        return true;
    }
}
