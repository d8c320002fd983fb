package io.iiikafka.sdk.state;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.change.Change;
import io.iiikafka.sdk.change.UpdateError;

/** Whether a transaction was made. */
public sealed interface TransactionResult<T> {

    boolean committed();

    /**
     * It was.
     *
     * @param revision of the scope, with the transaction
     * @param writes in the order of the transaction
     * @param reads in the order of the transaction
     */
    record Committed<T>(long revision, String id, List<Write<T>> writes, List<Versioned<T>> reads)
            implements TransactionResult<T> {

        public Committed {
            writes = List.copyOf(writes);
            reads = List.copyOf(reads);
        }

        @Override
        public boolean committed() {
            return true;
        }
    }

    /** It was not: nothing is changed. */
    record Refused<T>(List<Failure<T>> failures) implements TransactionResult<T> {

        public Refused {
            failures = List.copyOf(failures);
        }

        @Override
        public boolean committed() {
            return false;
        }
    }

    /**
     * @param version of the key, after it
     */
    record Write<T>(String key, Change<T> change, long version) {}

    /**
     * A check that did not hold, or a write that did not fit.
     *
     * @param index its position among the checks, or among the writes
     * @param found what the key is instead; null for a write
     * @param errors of a write; empty for a check
     */
    record Failure<T>(int index, String key, @Nullable Versioned<T> found, List<UpdateError> errors) {

        public Failure {
            errors = List.copyOf(errors);
        }
    }
}
