package io.iiikafka.topology.keeper.cron;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRulesException;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.cron.CronExpression;
import io.iiikafka.topology.cron.DayNumbers;
import io.iiikafka.topology.cron.InvalidCronException;
import io.iiikafka.topology.cron.ZonedCron;
import io.iiikafka.topology.keeper.trigger.Guarantee;
import io.iiikafka.topology.keeper.trigger.InvalidTriggerException;
import io.iiikafka.topology.keeper.trigger.TriggerConfig;
import io.iiikafka.topology.keeper.trigger.TriggerMembers;
import org.jspecify.annotations.Nullable;

/**
 * When a trigger of type {@code cron} calls its function, and how (spec: cron.md 2, 12.1). Times are milliseconds.
 *
 * @param expression as it was written; for intervals and single times a text that says so
 * @param zone in which the expression is read
 * @param catchUpWindowMs how old a tick may be that is made up for
 * @param graceMs how late a tick may be without that
 * @param jitterMs by up to so much each tick is put off
 * @param startMs no tick is before
 * @param endMs no tick is after
 * @param maxRuns after so many runs the trigger is removed
 * @param data merged into the payload; null: nothing
 * @param timeoutMs a run that is not answered by then has failed
 * @param maxAttempts of a run, within its tick
 * @param backoffMs between them
 * @param queue a named queue that is given the call; null: it is made at once
 * @param sharesByFunction whether equal triggers of replicas of a worker are one schedule
 * @param scheduleKey triggers with the same are one schedule; null: none was given
 * @param condition a function that may veto; null: none
 * @param cancelFunction is told when {@code cancel_running} ends a run; null: nobody is
 * @param plainNumbers days of the week that were written as numbers, by name; null: they were not
 */
public record CronTriggerConfig(
        String expression,
        ZoneId zone,
        Timing timing,
        Overlap overlap,
        CatchUp catchUp,
        long catchUpWindowMs,
        long graceMs,
        long jitterMs,
        long startMs,
        long endMs,
        long maxRuns,
        @Nullable RawJson data,
        long timeoutMs,
        int maxAttempts,
        long backoffMs,
        @Nullable String queue,
        boolean sharesByFunction,
        @Nullable String scheduleKey,
        @Nullable String condition,
        @Nullable String cancelFunction,
        @Nullable String plainNumbers)
        implements TriggerConfig {

    private static final long DAY_MS = 86_400_000;
    private static final long FAR_MS = 365 * DAY_MS;
    private static final String COMPLAINT = "Invalid cron trigger: ";

    /** Members that are not known are ignored. */
    public static CronTriggerConfig parse(RawJson config) throws InvalidTriggerException {
        if (!config.isObject()) {
            throw required(RawJson.EMPTY_OBJECT);
        }
        TriggerMembers members = TriggerMembers.of(config, COMPLAINT);
        ZoneId zone = zone(members);
        CronExpression expression = null;
        String shown;
        Timing timing;
        if (members.has("expression") || !members.has("every_ms") && !members.has("at")) {
            shown = expression(config);
            Long interval = Every.millis(shown);
            if (interval == null) {
                expression = read(config, shown, numbers(members));
                timing = new Timing.Expression(new ZonedCron(expression, zone));
            } else {
                timing = new Timing.Interval(interval);
            }
        } else if (members.has("every_ms")) {
            long every = members.number("every_ms", 0, 100, FAR_MS);
            shown = "every " + every + " ms";
            timing = new Timing.Interval(every);
        } else {
            long at = time(members, "at", 0);
            shown = "at " + members.text("at");
            timing = new Timing.Moment(at);
        }
        String plain = expression != null && expression.hasNumericDays() ? expression.daysOfWeek() : null;
        TriggerMembers retry = members.object("retry", "max_attempts", "backoff_ms");
        if (members.has("data") && !members.isObject("data")) {
            throw members.invalid("`data` must be an object");
        }
        long maxRuns = members.number("max_runs", Long.MAX_VALUE, 1, Long.MAX_VALUE);
        String dedupe = members.choice("dedupe", "function", "trigger");
        boolean ends = timing instanceof Timing.Moment
                || members.has("max_runs") || members.has("end_at") || members.flag("once");
        return new CronTriggerConfig(
                shown,
                zone,
                timing,
                overlap(members),
                catchUp(members),
                members.number("catch_up_window_ms", DAY_MS, 0, FAR_MS),
                members.number("grace_ms", 10_000, 0, FAR_MS),
                members.number("jitter_ms", 0, 0, DAY_MS),
                time(members, "start_at", Long.MIN_VALUE),
                time(members, "end_at", Timing.NEVER),
                members.flag("once") ? 1 : maxRuns,
                members.has("data") ? RawJson.ofValue(config.toTree().get("data")) : null,
                members.number("timeout_ms", 1_800_000, 1, FAR_MS),
                (int) retry.number("max_attempts", 1, 1, 1_000_000),
                retry.number("backoff_ms", 1_000, 0, DAY_MS),
                notEmpty(members, "queue"),
                // What ends must be able to begin anew when it is registered again.
                !"trigger".equals(dedupe) && !ends,
                notEmpty(members, "schedule_key"),
                members.has("condition_function_id")
                        ? orNull(members.text("condition_function_id"))
                        : orNull(members.text("_condition_path")),
                cancelFunction(members),
                plain);
    }

    private static @Nullable String cancelFunction(TriggerMembers members) throws InvalidTriggerException {
        String function = notEmpty(members, "cancel_function_id");
        if (function != null && overlap(members) != Overlap.CANCEL_RUNNING) {
            throw members.invalid("`cancel_function_id` needs `overlap` cancel_running");
        }
        return function;
    }

    private static InvalidTriggerException required(RawJson config) throws InvalidTriggerException {
        return TriggerMembers.of(config, "").invalid("Cron expression is required");
    }

    private static String expression(RawJson config) throws InvalidTriggerException {
        var all = config.toTree();
        for (String name : new String[] {"expression", "schedule", "cron"}) {
            if (all.hasNonNull(name)) {
                String text = all.get(name).textValue();
                if (text == null || text.isBlank()) {
                    throw required(config);
                }
                return text;
            }
        }
        throw required(config);
    }

    private static CronExpression read(RawJson config, String text, @Nullable DayNumbers numbers)
            throws InvalidTriggerException {
        try {
            return CronExpression.parse(text, numbers);
        } catch (InvalidCronException e) {
            throw TriggerMembers.of(config, "").invalid("Invalid cron expression '" + text + "': " + e.getMessage());
        }
    }

    private static ZoneId zone(TriggerMembers members) throws InvalidTriggerException {
        String name = members.text("timezone");
        try {
            return name == null ? ZoneOffset.UTC : ZoneId.of(name);
        } catch (ZoneRulesException e) {
            throw members.invalid("`timezone`: there is no time zone '" + name + "'; write one such as Europe/Berlin");
        } catch (DateTimeException e) {
            throw members.invalid("`timezone`: '" + name + "' is no time zone; write one such as Europe/Berlin");
        }
    }

    private static @Nullable DayNumbers numbers(TriggerMembers members) throws InvalidTriggerException {
        String name = members.choice("dow_numbering", "quartz", "unix");
        return name == null ? null : name.equals("unix") ? DayNumbers.UNIX : DayNumbers.QUARTZ;
    }

    private static Overlap overlap(TriggerMembers members) throws InvalidTriggerException {
        String name = members.choice("overlap", "skip", "queue_one", "queue_all", "allow", "cancel_running");
        return switch (name) {
            case "queue_one" -> Overlap.QUEUE_ONE;
            case "queue_all" -> Overlap.QUEUE_ALL;
            case "allow" -> Overlap.ALLOW;
            case "cancel_running" -> Overlap.CANCEL_RUNNING;
            case null, default -> Overlap.SKIP;
        };
    }

    private static CatchUp catchUp(TriggerMembers members) throws InvalidTriggerException {
        String name = members.choice("catch_up", "none", "last", "all");
        return switch (name) {
            case "last" -> CatchUp.LAST;
            case "all" -> CatchUp.ALL;
            case null, default -> CatchUp.NONE;
        };
    }

    private static long time(TriggerMembers members, String name, long absent) throws InvalidTriggerException {
        String text = members.text(name);
        try {
            return text == null ? absent : CronTime.millis(text);
        } catch (DateTimeException e) {
            throw members.invalid("`" + name + "` " + CronTime.SHAPE);
        }
    }

    private static @Nullable String notEmpty(TriggerMembers members, String name) throws InvalidTriggerException {
        String text = members.text(name);
        if (text != null && (text.isEmpty() || text.length() > 255)) {
            throw members.invalid("`" + name + "` must have 1 to 255 characters");
        }
        return text;
    }

    private static @Nullable String orNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    /** The first tick after that time; {@link Timing#NEVER}: there is none. */
    long nextMs(long afterMs) {
        long next = timing.nextMs(startMs == Long.MIN_VALUE ? afterMs : Math.max(afterMs, startMs - 1));
        return next > endMs ? Timing.NEVER : next;
    }

    /** Whether ticks come to an end by intention. */
    boolean ends() {
        return timing instanceof Timing.Moment || endMs != Timing.NEVER;
    }

    @Override
    public @Nullable String place() {
        return null;
    }

    @Override
    public @Nullable Guarantee guarantee() {
        return null;
    }

    @Override
    public boolean looksBack() {
        return false;
    }
}
