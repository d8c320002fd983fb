package io.iiikafka.topology.keeper.state;

import java.util.List;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;

/**
 * What fits into records. A record that Kafka does not take would stop the partition for good, so what leads to one is
 * refused before anything is changed.
 *
 * @param payloadBytes longest value; an answer may have twice that, for a value before and after
 */
record RecordLimit(int payloadBytes) {

    private static final int AROUND = 64 * 1024;

    /** Longest answer. */
    long answerBytes() {
        return 2L * payloadBytes + AROUND;
    }

    /** @throws Refusal when the answer is too long to be kept for repeats */
    void checkKept(Outcome outcome) {
        if (outcome instanceof Outcome.Success success
                && success.value() != null
                && success.value().length() > payloadBytes) {
            throw new Refusal(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "The reply would take " + success.value().length() + " bytes, and with an idempotency_key at most "
                            + payloadBytes + " are kept; nothing was changed.");
        }
    }

    /** @throws Refusal when a value or the answer is too long */
    void check(Command command, Outcome outcome, List<StateChange> changes) {
        for (StateChange change : changes) {
            if (change.after() != null && change.after().value().length() > payloadBytes) {
                throw new Refusal(
                        ErrorCode.PAYLOAD_TOO_LARGE,
                        "The value of key '" + change.key().key() + "' would take "
                                + change.after().value().length() + " bytes, the limit is " + payloadBytes
                                + "; nothing was changed.");
            }
        }
        long largest = answerBytes();
        if (outcome instanceof Outcome.Success success
                && success.value() != null
                && success.value().length() > largest) {
            throw new Refusal(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "The answer of " + command.call().functionId() + " would take " + success.value().length()
                            + " bytes, the limit is " + largest + "; ask for less of it. Nothing was changed.");
        }
    }
}
