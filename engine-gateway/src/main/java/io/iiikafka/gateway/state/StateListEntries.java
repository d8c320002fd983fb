package io.iiikafka.gateway.state;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.iiikafka.gateway.invocation.EngineFunction;
import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.keeper.Page;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * {@code state::list_entries}: a scope page by page, as it was when the first page was asked for (spec: state.md 7.3).
 * The snapshot is the keeper's, read on as pages are asked for; of a sharded scope, and where rows are left out, it is held
 * as a whole by the gateway that holds its caller's socket. It ends with either.
 */
public final class StateListEntries implements EngineFunction {

    private static final String LIST = "state::list";
    private static final RawJson REQUEST = RawJson.of("{\"$schema\":\"http://json-schema.org/draft-07/schema#\","
            + "\"type\":\"object\",\"properties\":{\"scope\":{\"type\":\"string\"},\"cursor\":{\"type\":\"string\"},"
            + "\"limit\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000,\"default\":100},"
            + "\"max_bytes\":{\"type\":\"integer\",\"minimum\":256,\"maximum\":8000000,\"default\":1000000}},"
            + "\"required\":[\"scope\"]}");

    private static final RawJson PRIVATE = RawJson.of("{\"internal\":true,\"trace_hidden\":true}");

    private final String prefix;
    private final EngineInvoker invoker;
    private final EntrySnapshots snapshots;

    public StateListEntries(EngineInvoker invoker) {
        this(invoker, "");
    }

    /**
     * @param prefix {@code harness::} for the pages of private scopes; empty for those that are everyone's
     */
    StateListEntries(EngineInvoker invoker, String prefix) {
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
                    : fill(page, call, snapshots.take(page));
        } catch (Refusal refusal) {
            return Future.succeededFuture(refusal.outcome());
        }
    }

    private Future<Outcome> begin(EntryPage page, Call call) {
        RawJson payload = JsonBuilder.object()
                .member("scope", page.scope())
                .member("include_keys", true)
                .build();
        Call list = inPlaceOf(call, prefix + LIST, payload);
        KeeperFunction function = invoker.keeperFunction(Call.DEFAULT_NAMESPACE, list.functionId());
        if (!page.nonNullOnly()
                && function != null
                && function.placement(list) instanceof Placement.Listing listing
                && listing.owner() != null) {
            Call part = inPlaceOf(call, listing.partFunction(), payload);
            EntrySnapshots.Rest nothing = new EntrySnapshots.Rest(List.of(), 0, 0, null, listing.owner());
            return invoker.command(part, listing.owner()).compose(outcome -> read(page, call, outcome, nothing));
        }
        return invoker.invoke(list).map(outcome -> switch (outcome) {
            case Outcome.Failure failure -> ofWhole(failure);
            case Outcome.Success success -> {
                List<RawJson> rows = rows(requireNonNull(success.value()), page.nonNullOnly());
                yield answer(page, new EntrySnapshots.Rest(rows, 0, rows.size(), null, page.scope()));
            }
        });
    }

    private static Call inPlaceOf(Call call, String function, RawJson payload) {
        return new Call(
                UUID.randomUUID().toString(),
                function,
                Call.DEFAULT_NAMESPACE,
                payload,
                null,
                true,
                call.callerWorkerId(),
                call.traceparent(),
                call.baggage(),
                call.deadlineMs());
    }

    /** Reads on until the page can be filled. */
    private Future<Outcome> fill(EntryPage page, Call call, EntrySnapshots.Rest rest) {
        if (!page.wantsMore(rest)) {
            return Future.succeededFuture(answer(page, rest));
        }
        RawJson cursor = JsonBuilder.object().member("cursor", rest.cursor()).build();
        return invoker.command(inPlaceOf(call, Page.NEXT, cursor), rest.owner())
                .compose(outcome -> read(page, call, outcome, rest));
    }

    private Future<Outcome> read(EntryPage page, Call call, Outcome outcome, EntrySnapshots.Rest before) {
        if (!(outcome instanceof Outcome.Success success)) {
            return Future.succeededFuture(failure((Outcome.Failure) outcome));
        }
        Page read = Page.of(success.value());
        if (read == null) {
            return Future.succeededFuture(EntryPage.refusal(
                            ErrorCode.INVALID_CURSOR,
                            "the snapshot ended, because the keeper was restarted or too much has changed; start over")
                    .outcome());
        }
        List<RawJson> rows = rows(read.rows(), false);
        return fill(page, call, before.with(rows, read));
    }

    private static Outcome failure(Outcome.Failure failure) {
        if (failure.error().code().equals(ErrorCode.LIST_ERROR.code())) {
            return Outcome.failure(ErrorCode.LIST_ENTRIES_ERROR, failure.error().message());
        }
        return failure;
    }

    /** Of what is read in one go. */
    private static Outcome ofWhole(Outcome.Failure failure) {
        return failure.error().code().equals(ErrorCode.PAYLOAD_TOO_LARGE.code())
                ? Outcome.failure(
                        ErrorCode.SNAPSHOT_CAPACITY,
                        "SNAPSHOT_CAPACITY: the scope is too large to be held at once; read it by state::list with"
                                + " `limit` and `after`")
                : failure(failure);
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
        try {
            int size = page.size(rest);
            boolean done = size == rest.rows().size() && rest.cursor() == null;
            String cursor = done ? null : snapshots.keep(page, rest.after(size));
            JsonBuilder entries = JsonBuilder.array();
            rest.rows().subList(0, size).forEach(entries::element);
            return new Outcome.Success(page.reply(entries.build(), cursor, rest));
        } catch (Refusal refusal) {
            return refusal.outcome();
        }
    }
}
