package io.iiikafka.topology.keeper.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.condition.Condition;
import io.iiikafka.topology.condition.InvalidConditionException;
import io.iiikafka.topology.condition.Subject;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Page;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Begins to tell a gateway what happens in a group, and says what is there now (spec: stream.md 5.4). What is told from
 * now on is later than {@code timestamp}, what the answer holds is earlier: {@code {"timestamp":1764000000123,"offset":12,
 * "data":[…]}}. Without {@code subscription_id} it only answers.
 *
 * <p>Of a long group, the answer has {@code "rows":[…],"next":"<cursor>"} in place of {@code data}: a {@link Page} of what
 * is there now, of which {@link StreamListNext} gives the rest.
 *
 * <p>Of {@code data}, items are left out of which one of the conditions in {@code filters} is not true (13.8).
 *
 * <p>A subscription that is made {@code again} hears {@code "forgotten":true} when its gateway was taken for dead
 * meanwhile, so that triggers were told that it left.
 *
 * <p>With {@code from} the answer has {@code first}, too: the offset of the first event that is wanted (13.2). Where
 * events that are wanted are no longer kept, {@code on_gap} says what to do: {@code earliest} goes on behind them,
 * {@code sync} answers what is there now instead; {@code gap} says which they are: {@code {"from":1,"to":811}}. Otherwise
 * nobody is subscribed, and the answer is {@code {"code":"OFFSET_OUT_OF_RANGE","message":"…","earliest":812,"latest":1900}}.
 */
final class StreamJoin extends StreamFunction {

    static final String ID = "iii::stream::join";

    private final ReplaySettings settings;
    private final OpenLists lists;

    StreamJoin(ReplaySettings settings, OpenLists lists) {
        super(ID, "Subscribe a socket", StreamSchemas.GROUP, null);
        this.lists = lists;
        this.settings = settings;
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        StreamGroup group = group(input);
        LogStart start = LogStart.of(input, "from");
        Wanted wanted = start == null ? null : Wanted.of(group, start, input.optionalText("on_gap"), draft, settings);
        if (wanted != null && wanted.isRefused()) {
            return new Outcome.Success(wanted.refusal());
        }
        String item = input.optionalText("item_id");
        String subscription = input.optionalText("subscription_id");
        boolean forgotten = false;
        if (subscription != null) {
            Subscriber subscriber =
                    new Subscriber(group, input.text("gateway"), input.text("connection"), subscription);
            forgotten = input.flag("again") && draft.note(subscriber.noteName()) == null;
            draft.note(subscriber.noteName(), Subscriber.note(item, input.find("context")));
        }
        GroupInfo info = draft.group(group).tick(draft.nowMs());
        draft.group(group, info);
        JsonBuilder answer = JsonBuilder.object()
                .member("timestamp", info.clockMs())
                .member("offset", info.offset());
        if (forgotten) {
            answer.member("forgotten", true);
        }
        if (wanted != null) {
            wanted.tell(answer);
        }
        if (input.flag("snapshot") || wanted != null && wanted.needsSnapshot()) {
            snapshot(group, item, filters(input), draft, answer);
        }
        return new Outcome.Success(answer.build());
    }

    private void snapshot(
            StreamGroup group, @Nullable String item, List<Condition> filters, StreamDraft draft, JsonBuilder answer) {
        if (item != null) {
            StreamItem found = draft.get(group, item);
            answer.member("data", found == null || !passes(filters, group, item, found) ? RawJson.NULL : found.value());
            return;
        }
        OpenList list = OpenList.of(group, ListWish.ALL, (id, found) -> passes(filters, group, id, found), draft);
        Page page = lists.first(list, draft.position(), draft.nowMs());
        if (page.next() == null) {
            answer.member("data", ListWish.ALL.merge(List.of(page.rows())));
        } else {
            answer.member("rows", page.rows()).member("next", page.next());
        }
    }

    private static boolean passes(List<Condition> filters, StreamGroup group, String id, StreamItem item) {
        if (filters.isEmpty()) {
            return true;
        }
        Map<String, String> names = Map.of("stream_name", group.stream(), "group_id", group.group(), "item_id", id);
        return filters.stream().allMatch(filter -> filter.isTrue(null, item.value(), names));
    }

    private static List<Condition> filters(Input input) {
        List<Condition> filters = new ArrayList<>();
        for (RawJson text : input.elements("filters")) {
            try {
                filters.add(Condition.compile(input.element("filters", text), Subject.STREAM));
            } catch (InvalidConditionException e) {
                throw input.misfit(String.valueOf(e.getMessage()));
            }
        }
        return filters;
    }

    /**
     * Which of the events that are kept a subscription begins with.
     *
     * @param first the offset of the first
     * @param asked the offset that was asked for; lower than {@code first} when it is no longer kept
     */
    private record Wanted(StreamLog.Bounds bounds, long asked, long first, @Nullable String onGap) {

        static Wanted of(
                StreamGroup group, LogStart start, @Nullable String onGap, StreamDraft draft, ReplaySettings settings) {
            ReplayRule rule = LogFunction.ruleOf(group.stream(), settings);
            StreamLog log = draft.stores().log();
            StreamLog.Bounds bounds = StreamLog.Bounds.of(log, group, draft.group(group), rule, draft.nowMs());
            return start instanceof LogStart.At(long offset)
                    ? new Wanted(bounds, offset, Math.max(offset, bounds.earliest()), onGap)
                    : of(bounds, start.resolve(log, group, bounds, true), onGap);
        }

        private static Wanted of(StreamLog.Bounds bounds, long first, @Nullable String onGap) {
            return new Wanted(bounds, first, first, onGap);
        }

        private boolean hasGap() {
            return asked < first;
        }

        private boolean syncsGap() {
            return "sync".equals(onGap);
        }

        boolean isRefused() {
            return asked > bounds.latest() + 1 || hasGap() && !syncsGap() && !"earliest".equals(onGap);
        }

        RawJson refusal() {
            return JsonBuilder.object()
                    .member("code", ErrorCode.OFFSET_OUT_OF_RANGE.code())
                    .member("message", LogStart.outOfRange(asked, bounds).getMessage())
                    .member("earliest", bounds.earliest())
                    .member("latest", bounds.latest())
                    .build();
        }

        boolean needsSnapshot() {
            return hasGap() && syncsGap();
        }

        void tell(JsonBuilder answer) {
            answer.member("first", needsSnapshot() ? bounds.latest() + 1 : first);
            if (hasGap()) {
                long to = needsSnapshot() ? bounds.latest() : first - 1;
                answer.member("gap", JsonBuilder.object().member("from", asked).member("to", to).build());
            }
        }
    }
}
