package io.iiikafka.gateway.invocation;

import java.util.LinkedHashMap;
import java.util.Map;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.topology.record.Origin;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of jobs that this gateway has lately handed to its workers, and what the workers answered. A keeper that takes
 * over from one that died makes those anew of which the other had not committed that it made them: the same attempt of the
 * same job, under the same id. It need not be run again, but must be answered again, since an answer that came before the
 * keeper knew that it waits for one counts for nothing. Any thread.
 *
 * <p>An attempt is known by its job's number and its own id: a job that is moved back from the dead letters has another
 * number.
 */
final class BegunAttempts {

    /** More than a keeper makes of one gateway's between two commits; 1 KiB each at the most. */
    private static final int MOST = 8_192;

    /** What came to more than this is not remembered, and would be run again. */
    private static final int LARGEST = 1_024;

    private record Key(int partition, long number, String invocationId) {}

    /** Null: it runs. */
    private final Map<Key, Step.@Nullable Answer> attempts;

    BegunAttempts() {
        this(MOST);
    }

    BegunAttempts(int most) {
        attempts = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, Step.@Nullable Answer> eldest) {
                return size() > most;
            }
        };
    }

    /** What to do with the delivery of an attempt. */
    sealed interface Step {

        /** It is to be run; that is noted. */
        record Run() implements Step {}

        /** It runs already, and will be answered. */
        record Drop() implements Step {}

        /** It was run, and that is what the worker said, as a CloudEvents source. */
        record Answer(Outcome outcome, String source) implements Step {}
    }

    private static final Step RUN = new Step.Run();
    private static final Step DROP = new Step.Drop();

    /** Says what to do with the delivery; calls that are no attempts are to be run. */
    Step begin(Delivery delivery) {
        Key key = key(delivery);
        if (key == null) {
            return RUN;
        }
        synchronized (attempts) {
            Step.Answer before = attempts.get(key);
            if (before != null) {
                return before;
            }
            if (attempts.containsKey(key)) {
                return DROP;
            }
            attempts.put(key, null);
            return RUN;
        }
    }

    /** It is answered. What the engine said for a worker is not remembered: a repetition may do better. */
    void ended(Delivery delivery, Outcome outcome, String source) {
        Key key = key(delivery);
        if (key == null) {
            return;
        }
        synchronized (attempts) {
            if (!attempts.containsKey(key)) {
                return;
            }
            if (source.startsWith(Outcomes.OF_WORKERS) && isSmall(outcome)) {
                attempts.put(key, new Step.Answer(outcome, source));
            } else {
                attempts.remove(key);
            }
        }
    }

    /** No worker has got it. */
    void forget(Delivery delivery) {
        Key key = key(delivery);
        if (key != null) {
            synchronized (attempts) {
                attempts.remove(key);
            }
        }
    }

    private static @Nullable Key key(Delivery delivery) {
        Origin origin = delivery.origin();
        return origin == null || !origin.isKeeper()
                ? null
                : new Key(origin.slot(), origin.number(), delivery.call().invocationId());
    }

    private static boolean isSmall(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Success success -> success.value() == null || success.value().length() <= LARGEST;
            case Outcome.Failure failure -> {
                ErrorBody error = failure.error();
                String stack = error.stacktrace();
                yield error.code().length() + error.message().length() + (stack == null ? 0 : stack.length()) <= LARGEST;
            }
        };
    }
}
