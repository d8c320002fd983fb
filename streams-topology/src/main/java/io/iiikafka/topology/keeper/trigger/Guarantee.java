package io.iiikafka.topology.keeper.trigger;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.keeper.job.Batch;
import io.iiikafka.topology.keeper.job.Retry;
import io.iiikafka.topology.keeper.job.Terms;
import io.iiikafka.topology.keeper.trigger.TriggersByPlace.Registered;
import org.jspecify.annotations.Nullable;

/**
 * What is promised of the deliveries of a trigger (spec: state.md 12.6, stream.md 13.5).
 *
 * @param atLeastOnce whether failed deliveries are repeated
 * @param retry how; else one attempt
 * @param deadLetterFunction told of events that are given up; null: nobody is
 * @param ordering which events wait for each other
 * @param maxInFlight so many run at once
 * @param subscription a name under which events are kept while no worker is connected; null: they are not
 * @param batch how events are told together; null: one by one
 */
public record Guarantee(
        boolean atLeastOnce,
        Retry retry,
        @Nullable String deadLetterFunction,
        Ordering ordering,
        int maxInFlight,
        @Nullable String subscription,
        @Nullable Batch batch) {

    /** Which events wait until those before them are done. */
    public enum Ordering {
        /** Those of the same key or item. */
        ONE,
        /** Those of the same scope or group. */
        ALL,
        /** None. */
        NONE
    }

    private static final long HOUR_MS = 3_600_000;
    private static final long DAY_MS = 24 * HOUR_MS;
    private static final long KEPT_MS = DAY_MS;
    private static final long SUBSCRIPTION_KEPT_MS = 30 * DAY_MS;
    private static final int LONGEST_NAME = 255;

    /**
     * Null when the config asks for none: then each event is told once, with no more ado.
     *
     * @param one the name of {@link Ordering#ONE}
     * @param all that of {@link Ordering#ALL}
     * @param subscription that of the member which names the subscription
     * @param implies whether that member makes delivery at least once; and whether events may be told in batches
     */
    public static @Nullable Guarantee read(
            TriggerMembers members, String one, String all, String subscription, boolean implies)
            throws InvalidTriggerException {
        String delivery = members.choice("delivery", "at_most_once", "at_least_once");
        String name = members.text(subscription);
        if (name != null && (name.isEmpty() || name.length() > LONGEST_NAME)) {
            throw members.invalid("`" + subscription + "` must have 1 to " + LONGEST_NAME + " characters");
        }
        boolean repeats = delivery == null ? implies && name != null : delivery.equals("at_least_once");
        if (implies && name != null && !repeats) {
            throw members.invalid("`" + subscription + "` needs `delivery` at_least_once");
        }
        for (String member : new String[] {"retry", "dead_letter_function_id"}) {
            if (members.has(member) && !repeats) {
                throw members.invalid("`" + member + "` needs `delivery` at_least_once");
            }
        }
        Retry retry = retry(members.object("retry", "max_attempts", "backoff_ms", "max_backoff_ms", "timeout_ms"));
        String ordering = members.choice("ordering", one, all, "none");
        int maxInFlight = (int) members.number("max_in_flight", 64, 1, 10_000);
        String deadLetter = members.text("dead_letter_function_id");
        Batch batch = implies ? batch(members) : null;
        if (!repeats && name == null && ordering == null && batch == null && !members.has("max_in_flight")) {
            return null;
        }
        Ordering order = ordering == null || ordering.equals(one)
                ? Ordering.ONE
                : ordering.equals(all) ? Ordering.ALL : Ordering.NONE;
        return new Guarantee(repeats, repeats ? retry : retry.once(), deadLetter, order, maxInFlight, name, batch);
    }

    private static @Nullable Batch batch(TriggerMembers members) throws InvalidTriggerException {
        TriggerMembers batch = members.object("batch", "max_events", "max_wait_ms");
        if (members.has("batch") && members.has("condition_function_id")) {
            throw members.invalid("`batch` cannot be combined with `condition_function_id`, which is asked of each event");
        }
        return members.has("batch")
                ? new Batch(
                        "stream_batch",
                        (int) batch.number("max_events", 100, 1, 1_000),
                        batch.number("max_wait_ms", 1_000, 0, 60_000))
                : null;
    }

    private static Retry retry(TriggerMembers members) throws InvalidTriggerException {
        long backoffMs = members.number("backoff_ms", Retry.DEFAULT.backoffMs(), 0, DAY_MS);
        long usual = Math.max(backoffMs, Retry.DEFAULT.maxBackoffMs());
        Retry retry = new Retry(
                (int) members.number("max_attempts", Retry.DEFAULT.maxAttempts(), 1, 1_000_000),
                backoffMs,
                members.number("max_backoff_ms", usual, 0, DAY_MS),
                members.number("timeout_ms", Retry.DEFAULT.timeoutMs(), 1_000, DAY_MS));
        if (retry.maxBackoffMs() < backoffMs) {
            throw members.invalid("`max_backoff_ms` is less than `backoff_ms`");
        }
        return retry;
    }

    /**
     * The terms of one delivery.
     *
     * @param one what {@link Ordering#ONE} goes by
     * @param all what {@link Ordering#ALL} goes by
     * @param meta of the event; null: it is not to be told
     */
    public Terms terms(Registered<?> trigger, String one, String all, @Nullable RawJson meta) {
        String lane =
                switch (ordering) {
                    case ONE -> one;
                    case ALL -> all;
                    case NONE -> null;
                };
        // Of one function, because what nobody serves holds up what comes after it.
        CatalogEntry.Trigger entry = trigger.entry();
        String queue = entry.type() + '\0' + trigger.name() + '\0' + entry.namespace() + '\0' + entry.functionId();
        long keptMs = subscription != null ? SUBSCRIPTION_KEPT_MS : atLeastOnce ? KEPT_MS : 0;
        return new Terms.Own(queue, lane, retry, maxInFlight, keptMs, deadLetterFunction, meta, batch);
    }
}
