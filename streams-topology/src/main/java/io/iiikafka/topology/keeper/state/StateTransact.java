package io.iiikafka.topology.keeper.state;

import java.util.ArrayList;
import java.util.List;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.queue.Outbox;
import io.iiikafka.topology.record.Outcome;

/**
 * {@code state::transact}: checks, writes and reads of several keys of one scope, all or nothing (spec: state.md 12.3).
 * Reads see what the writes have made. Jobs and messages among the writes leave with the commit (spec: queue.md 12.6).
 */
final class StateTransact extends StateFunction {

    static final String ID = "state::transact";

    private static final int MOST_LOOKED_AT = 256;
    private static final int MOST_WRITES = 128;
    private static final int LONGEST = 4 << 20;

    private final TransactionWrite.Limits limits;

    StateTransact(Partitioning partitioning, TransactionWrite.Limits limits) {
        super(ID, "Check, write and read several keys of a scope as one", partitioning);
        this.limits = limits;
    }

    @Override
    boolean writes() {
        return true;
    }

    @Override
    Placement placement(Input input, Partitioning partitions) {
        return new Placement.Owner(Partitioning.group(input.text("scope")));
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        String scope = input.text("scope");
        List<Input> checks = input.objects("checks");
        List<Input> writes = input.objects("writes");
        List<RawJson> reads = input.elements("reads");
        checkSize(command, checks.size() + reads.size(), writes.size());
        checkUnit(scope, checks);
        checkUnit(scope, writes);
        List<Part> parsed = new ArrayList<>(writes.size());
        for (Input write : writes) {
            parsed.add(Part.of(write, scope, command, parsed.size()));
        }
        RawJson failed = TransactionCheck.failures(checks, scope, draft);
        if (failed != null) {
            return notCommitted(failed);
        }
        JsonBuilder results = JsonBuilder.array();
        JsonBuilder spoilt = JsonBuilder.array();
        boolean allOrNothing = input.flag("all_or_nothing");
        boolean clean = true;
        for (int i = 0; i < parsed.size(); i++) {
            switch (parsed.get(i)) {
                case Part.Leaves leaves -> {
                    draft.send(leaves.sent());
                    results.element(leaves.sent().result());
                }
                case Part.Writes writing -> {
                    TransactionWrite.Result result = writing.write().apply(draft, limits);
                    results.element(result.toJson());
                    if (allOrNothing && !result.errors().isEmpty()) {
                        clean = false;
                        spoilt.element(result.failure(i));
                    }
                }
            }
        }
        if (!clean) {
            draft.takeBack();
            return notCommitted(spoilt.build());
        }
        JsonBuilder read = JsonBuilder.array();
        reads.forEach(key ->
                read.element(KeyReading.of(draft, new StateKey(scope, input.element("reads", key))).build()));
        return new Outcome.Success(JsonBuilder.object()
                .member("committed", true)
                .member("revision", draft.scope(scope).revision())
                .member("tx_id", command.position())
                .member("results", results.build())
                .member("reads", read.build())
                .build());
    }

    /** One of its {@code writes}. */
    private sealed interface Part {

        record Writes(TransactionWrite write) implements Part {}

        record Leaves(Outbox.Sent sent) implements Part {}

        static Part of(Input write, String scope, Command command, int place) {
            return Outbox.takes(write.text("op"))
                    ? new Leaves(Outbox.read(write, command, place))
                    : new Writes(TransactionWrite.of(write, scope));
        }
    }

    private static Outcome notCommitted(RawJson failed) {
        return new Outcome.Success(
                JsonBuilder.object().member("committed", false).member("failed", failed).build());
    }

    private static void checkSize(Command command, int lookedAt, int writes) {
        RawJson data = command.call().data();
        if (lookedAt > MOST_LOOKED_AT || writes > MOST_WRITES || data != null && data.length() > LONGEST) {
            throw new Refusal(
                    ErrorCode.TX_TOO_LARGE,
                    "A transaction has at most " + MOST_LOOKED_AT + " checks and reads, " + MOST_WRITES
                            + " writes and " + LONGEST + " bytes; nothing was changed.");
        }
    }

    private void checkUnit(String scope, List<Input> parts) {
        if (partitioning().isSharded(scope)) {
            throw crossScope("Scope '" + scope + "' is sharded: only single keys of it are atomic.");
        }
        for (Input part : parts) {
            String named = part.optionalText("scope");
            if (named != null && !Partitioning.group(named).equals(Partitioning.group(scope))) {
                throw crossScope("A transaction is in one scope and its forks, this one names '" + scope + "' and '"
                        + named + "'.");
            }
        }
    }

    private static Refusal crossScope(String message) {
        return new Refusal(ErrorCode.CROSS_SCOPE, message + " Nothing was changed.");
    }

    @Override
    public RawJson requestFormat() {
        return StateExtensionSchemas.TRANSACT_REQUEST;
    }

    @Override
    public RawJson responseFormat() {
        return StateExtensionSchemas.TRANSACT;
    }
}
