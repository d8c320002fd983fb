package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Refusal;

/**
 * What one command may hold in memory of what it looks at. More would end the process, and the next one, which is handed
 * the same command.
 */
final class LookBudget {

    /** More than the longest answer. */
    private static final long MOST_BYTES = 48L << 20;

    private static final int AROUND_ENTRY = 200;

    private final String what;
    private final String instead;
    private long bytes;

    /**
     * @param what is too large, as the beginning of a sentence
     * @param instead what to do
     */
    LookBudget(String what, String instead) {
        this.what = what;
        this.instead = instead;
    }

    /** For all that a scope shows. */
    static LookBudget ofScope(String scope) {
        return new LookBudget("Scope '" + scope + "'", "name the keys, or read it page by page by state::list_entries");
    }

    /** For all that a fork shows: it is looked at in one go even when it is listed in pages. */
    static LookBudget ofFork(String scope) {
        return new LookBudget("What fork '" + scope + "' shows", "name the keys");
    }

    /** For the changes of a scope. */
    static LookBudget ofHistory(String scope) {
        return new LookBudget(
                "The history of scope '" + scope + "'",
                "ask for one key, or read the topic of all changes (docs/records.md)");
    }

    /** @throws Refusal when it is too much */
    void take(String key, StateEntry entry) {
        take((long) key.length() + entry.value().length());
    }

    /** @throws Refusal when it is too much */
    void take(RawJson record) {
        take(record.length());
    }

    private void take(long more) {
        bytes += more + AROUND_ENTRY;
        if (bytes > MOST_BYTES) {
            throw new Refusal(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    what + " takes more than " + (MOST_BYTES >> 20) + " MiB, the limit of what is looked at in one go; "
                            + instead + ".");
        }
    }
}
