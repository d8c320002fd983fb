package io.iiikafka.gateway.invocation;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;

/** One call that all partitions answer: ends with the first failure, or with what is made of all parts. */
final class Gathering {

    private final Placement.Merge merge;
    private final OutcomeHandler handler;
    private final AtomicReferenceArray<RawJson> parts;
    private final AtomicInteger missing;
    private final AtomicBoolean failed = new AtomicBoolean();

    Gathering(int partitions, Placement.Merge merge, OutcomeHandler handler) {
        this.merge = merge;
        this.handler = handler;
        this.parts = new AtomicReferenceArray<>(partitions);
        this.missing = new AtomicInteger(partitions);
    }

    OutcomeHandler part(int partition) {
        return outcome -> {
            switch (outcome) {
                case Outcome.Failure failure -> {
                    if (failed.compareAndSet(false, true)) {
                        handler.ended(failure);
                    }
                }
                case Outcome.Success success -> {
                    parts.set(partition, success.value() == null ? RawJson.NULL : success.value());
                    if (missing.decrementAndGet() == 0) {
                        handler.ended(merged());
                    }
                }
            }
        };
    }

    private Outcome merged() {
        try {
            return new Outcome.Success(merge.merge(all()));
        } catch (Refusal refused) {
            return refused.outcome();
        }
    }

    private List<RawJson> all() {
        return IntStream.range(0, parts.length()).mapToObj(parts::get).toList();
    }
}
