package io.iiikafka.gateway.history;

import org.jspecify.annotations.Nullable;

/**
 * One call as its caller saw it.
 *
 * @param input what was asked
 * @param output what was answered; null: nobody knows, it may have happened at any time since, or never
 * @param invoked nanoseconds of one clock for the whole history
 * @param returned likewise, not before that; of no meaning without an output
 * @param rank among concurrent calls those of lower rank are tried first: a guess that costs time when it is wrong, and
 *     changes nothing else
 */
public record Operation<I, O>(I input, @Nullable O output, long invoked, long returned, long rank) {

    public Operation(I input, @Nullable O output, long invoked, long returned) {
        this(input, output, invoked, returned, output == null ? Long.MAX_VALUE : returned);
    }

    public Operation<I, O> ranked(long otherRank) {
        return new Operation<>(input, output, invoked, returned, otherRank);
    }
}
