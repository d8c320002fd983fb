package io.iiikafka.topology.keeper.stream;

import java.util.List;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.update.JsonEquality;
import org.jspecify.annotations.Nullable;

/**
 * {@code stream::transact}: checks, writes and reads of several items of one group, all or nothing (spec: stream.md 13.10;
 * the shape is that of state.md 12.3, with {@code item_id} in place of {@code key} and {@code offset}, of the last event,
 * in place of {@code revision}). Each write is an event of its own. Reads see what the writes have made.
 */
final class StreamTransact extends StreamFunction {

    static final String ID = "stream::transact";

    private static final int MOST_LOOKED_AT = 256;
    private static final int MOST_WRITES = 128;

    StreamTransact() {
        super(ID, "Check, write and read several items of a group as one", StreamSchemas.TRANSACT_REQUEST, StreamSchemas.TRANSACT);
    }

    @Override
    boolean isRepeatable() {
        return true;
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        StreamGroup group = group(input);
        List<Input> checks = input.objects("checks");
        List<Input> writes = input.objects("writes");
        List<RawJson> reads = input.elements("reads");
        if (checks.size() + reads.size() > MOST_LOOKED_AT || writes.size() > MOST_WRITES) {
            throw new Refusal(
                    ErrorCode.TX_TOO_LARGE,
                    "A transaction has at most " + MOST_LOOKED_AT + " checks and reads and " + MOST_WRITES
                            + " writes; nothing was changed.");
        }
        List<ItemWrite> parsed = writes.stream().map(ItemWrite::of).toList();
        RawJson failed = failures(checks, group, draft);
        if (failed != null) {
            return notCommitted(failed);
        }
        JsonBuilder results = JsonBuilder.array();
        JsonBuilder spoilt = JsonBuilder.array();
        boolean clean = true;
        for (int i = 0; i < parsed.size(); i++) {
            ItemWrite.Result result = parsed.get(i).apply(group, draft);
            results.element(result.toJson());
            if (!result.errors().isEmpty()) {
                clean = false;
                spoilt.element(result.failure(i));
            }
        }
        if (!clean && input.flag("all_or_nothing")) {
            draft.takeBack();
            return notCommitted(spoilt.build());
        }
        JsonBuilder read = JsonBuilder.array();
        reads.forEach(id -> read.element(
                reading(JsonBuilder.object(), group, input.element("reads", id), draft).build()));
        return new Outcome.Success(JsonBuilder.object()
                .member("committed", true)
                .member("offset", draft.group(group).offset())
                .member("tx_id", draft.position())
                .member("results", results.build())
                .member("reads", read.build())
                .build());
    }

    private static Outcome notCommitted(RawJson failed) {
        return new Outcome.Success(
                JsonBuilder.object().member("committed", false).member("failed", failed).build());
    }

    /** The checks that do not hold; null when all do. */
    private static @Nullable RawJson failures(List<Input> checks, StreamGroup group, StreamDraft draft) {
        JsonBuilder failed = JsonBuilder.array();
        boolean any = false;
        for (int i = 0; i < checks.size(); i++) {
            String item = item(checks.get(i));
            if (!holds(checks.get(i), draft.get(group, item))) {
                any = true;
                failed.element(reading(JsonBuilder.object().member("index", i), group, item, draft).build());
            }
        }
        return any ? failed.build() : null;
    }

    private static boolean holds(Input check, @Nullable StreamItem found) {
        RawJson exists = check.find("exists");
        RawJson equals = check.find("equals");
        long version = check.integer("version", 0, Long.MAX_VALUE, -1);
        if (exists == null && equals == null && version < 0) {
            throw check.misfit("expected `version`, `exists` or `equals`");
        }
        return (version < 0 || version == (found == null ? 0 : found.offset()))
                && (exists == null || check.flag("exists") == (found != null))
                && (equals == null || found != null && JsonEquality.same(equals, found.value()));
    }

    private static JsonBuilder reading(JsonBuilder object, StreamGroup group, String item, StreamDraft draft) {
        StreamItem found = draft.get(group, item);
        return object.member("item_id", item)
                .member("exists", found != null)
                .member("value", found == null ? RawJson.NULL : found.value())
                .member("version", found == null ? 0 : found.offset());
    }
}
