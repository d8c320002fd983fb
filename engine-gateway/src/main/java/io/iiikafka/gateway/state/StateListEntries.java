package io.iiikafka.gateway.state;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.iiikafka.gateway.invocation.EngineFunction;
import io.iiikafka.gateway.invocation.Invoker;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * {@code state::list_entries}: a scope page by page, as it was when the first page was asked for (spec: state.md 7.3).
 * The snapshot stays on the gateway that holds its caller's socket: it ends with that, as the cursors do.
 */
public final class StateListEntries implements EngineFunction {

    private static final RawJson REQUEST = RawJson.of("{\"$schema\":\"http://json-schema.org/draft-07/schema#\","
            + "\"type\":\"object\",\"properties\":{\"scope\":{\"type\":\"string\"},\"cursor\":{\"type\":\"string\"},"
            + "\"limit\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000,\"default\":100},"
            + "\"max_bytes\":{\"type\":\"integer\",\"minimum\":256,\"maximum\":8000000,\"default\":1000000}},"
            + "\"required\":[\"scope\"]}");

    private static final RawJson PRIVATE = RawJson.of("{\"internal\":true,\"trace_hidden\":true}");

    private final String prefix;
    private final Invoker invoker;
    private final EntrySnapshots snapshots;

    public StateListEntries(Invoker invoker) {
        this(invoker, "");
    }

    /**
     * @param prefix {@code harness::} for the pages of private scopes; empty for those that are everyone's
     */
    StateListEntries(Invoker invoker, String prefix) {
        this.prefix = prefix;
        this.invoker = invoker;
        this.snapshots = new EntrySnapshots(System::currentTimeMillis);
    }

    @Override
    public String id() {
        return prefix + "state::list_entries";
    }

    @Override
    public String workerName() {
        return "iii-state";
    }

    @Override
    public String description() {
        return "List keys and values of a scope, page by page";
    }

    @Override
    public @Nullable RawJson metadata() {
        return prefix.isEmpty() ? null : PRIVATE;
    }

    @Override
    public RawJson requestFormat() {
        return REQUEST;
    }

    @Override
    public Future<Outcome> call(Call call) {
        try {
            EntryPage page = EntryPage.of(call, !prefix.isEmpty());
            return page.cursor() == null
                    ? begin(page, call)
                    : Future.succeededFuture(answer(page, snapshots.take(page)));
        } catch (Refusal refusal) {
            return Future.succeededFuture(refusal.outcome());
        }
    }

    private Future<Outcome> begin(EntryPage page, Call call) {
        Call list = new Call(
                UUID.randomUUID().toString(),
                prefix + "state::list",
                Call.DEFAULT_NAMESPACE,
                JsonBuilder.object()
                        .member("scope", page.scope())
                        .member("include_keys", true)
                        .build(),
                null,
                true,
                call.callerWorkerId(),
                call.traceparent(),
                call.baggage(),
                call.deadlineMs());
        return invoker.invoke(list).map(outcome -> switch (outcome) {
            case Outcome.Failure failure -> failure(failure);
            case Outcome.Success success -> {
                try {
                    yield answer(page, new EntrySnapshots.Rest(rows(requireNonNull(success.value()), page.nonNullOnly()), 0));
                } catch (Refusal refusal) {
                    yield refusal.outcome();
                }
            }
        });
    }

    private static Outcome failure(Outcome.Failure failure) {
        return failure.error().code().equals(ErrorCode.PAYLOAD_TOO_LARGE.code())
                ? Outcome.failure(
                        ErrorCode.SNAPSHOT_CAPACITY,
                        "SNAPSHOT_CAPACITY: the scope is too large to be held at once; read it by state::list with"
                                + " `limit` and `after`")
                : failure;
    }

    /** From {@code {"key":…,"value":…,"version":…}} to {@code ["key",value]}. */
    private static List<RawJson> rows(RawJson list, boolean nonNullOnly) {
        List<RawJson> rows = new ArrayList<>();
        list.forEachElement(row -> {
            RawJson[] keyAndValue = new RawJson[2];
            row.forEachMember((name, value) -> {
                switch (name) {
                    case "key" -> keyAndValue[0] = value;
                    case "value" -> keyAndValue[1] = value;
                    default -> {} // its version
                }
            });
            if (nonNullOnly && keyAndValue[1].isNull()) {
                return;
            }
            rows.add(JsonBuilder.array().element(keyAndValue[0]).element(keyAndValue[1]).build());
        });
        return rows;
    }

    private Outcome answer(EntryPage page, EntrySnapshots.Rest rest) {
        int end = page.end(rest);
        boolean done = end == rest.rows().size();
        String cursor = done ? null : snapshots.keep(page, new EntrySnapshots.Rest(rest.rows(), end));
        JsonBuilder entries = JsonBuilder.array();
        rest.rows().subList(rest.start(), end).forEach(entries::element);
        return new Outcome.Success(page.reply(entries.build(), cursor, rest));
    }
}
