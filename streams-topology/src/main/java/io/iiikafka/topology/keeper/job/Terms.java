package io.iiikafka.topology.keeper.job;

import java.util.Set;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/** On which terms a call is made a job. */
public sealed interface Terms {

    /** Jobs of the same queue share its limits. */
    String queue();

    /** Within the queue, of which only one job runs, and the next waits until it is done; null: it waits for none. */
    @Nullable String lane();

    /**
     * Terms that a job carries with it.
     *
     * @param queue jobs of the same queue call the same function, oldest first
     * @param maxInFlight so many jobs of the queue run at once, of this partition
     * @param keptMs how long it waits for somebody to serve its function; without such a wait no attempt is counted
     * @param deadLetterFunction in the call's namespace, told of a job that is given up; null: nobody is
     * @param meta becomes the payload's member {@code meta}, with {@code attempt} added; null: none
     * @param batch null: each job is a call of its own
     */
    record Own(
            String queue,
            @Nullable String lane,
            Retry retry,
            int maxInFlight,
            long keptMs,
            @Nullable String deadLetterFunction,
            @Nullable RawJson meta,
            @Nullable Batch batch)
            implements Terms {}

    /**
     * Terms that are looked up in the catalog whenever they matter, so that a change of them holds for jobs that wait
     * already. A job that is given up becomes a {@link DeadLetters dead letter}.
     *
     * @param queue key of a {@link io.iiikafka.topology.catalog.CatalogEntry.Queue} or {@code Subscription}
     * @param priority 0 to 9: higher ones first
     * @param notBeforeMs it is not tried earlier; epoch milliseconds
     * @param expiresMs if it was not tried by then it is given up; 0: it waits for ever
     * @param overrides what this job has instead of what was agreed: {@code {"max_attempts":1,…}}, how many deliveries
     *     were made before, {@code "made"}, as what a gateway runs it, {@code "lent"}, and until when that was asked to go on,
     *     {@code "until"}, and in which trace context it was moved back, {@code "redriven_by"}; null: nothing
     */
    record Agreed(
            String queue,
            @Nullable String lane,
            int priority,
            long notBeforeMs,
            long expiresMs,
            @Nullable RawJson overrides)
            implements Terms {

        /** Overrides that end with the job: as a dead letter, and when it is moved back, it has them no more. */
        static final Set<String> OF_ONE_LIFE = Set.of("lent", "until", "redriven_by");

        /** How the gateway names it that runs it until {@link #notBeforeMs}; null: none does. */
        @Nullable String lentAs() {
            return overrides == null ? null : new Job.Members(overrides).optional("lent");
        }

        /** The trace context of the call that moved it back from the dead letters; null: none did, or it had none. */
        @Nullable String redrivenBy() {
            return overrides == null ? null : new Job.Members(overrides).optional("redriven_by");
        }

        /** Deliveries that gateways made before. */
        int made() {
            return overrides == null ? 0 : (int) new Job.Members(overrides).number("made");
        }

        /** Until when a delivery that a gateway makes may go on, as its handler asked; 0: it did not. */
        long extendedUntilMs() {
            return overrides == null ? 0 : new Job.Members(overrides).number("until");
        }

        /** The same for a job that a gateway runs under that name, at least until then. */
        Agreed extended(String name, long untilMs) {
            RawJson longer = JsonBuilder.object().member("lent", name).member("until", untilMs).build();
            return new Agreed(queue, lane, priority, notBeforeMs, expiresMs, longer);
        }
    }
}
