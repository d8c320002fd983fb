package io.iiikafka.topology.cron;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

import org.jspecify.annotations.Nullable;

/**
 * An expression in a time zone (spec: cron.md 12.1). What falls into an hour that the clock leaves out is due once, right
 * after it; what falls into an hour that comes twice is due in the first. With {@code *} or a step for the hour it is due
 * whenever the clock shows the time, be it not at all or twice.
 */
public record ZonedCron(CronExpression expression, ZoneId zone) {

    /** When it is due next, later than the second of {@code after}; null: never again. */
    public @Nullable Instant next(Instant after) {
        ZoneRules rules = zone.getRules();
        return expression.followsElapsedTime() ? nextShown(after, rules) : nextOfDay(after, rules);
    }

    private @Nullable Instant nextOfDay(Instant after, ZoneRules rules) {
        LocalDateTime local = LocalDateTime.ofInstant(after, zone);
        while (true) {
            LocalDateTime due = expression.next(local);
            if (due == null) {
                return null;
            }
            ZoneOffsetTransition change = rules.getTransition(due);
            Instant at = change != null && change.isGap()
                    ? change.getInstant()
                    : due.toInstant(rules.getValidOffsets(due).getFirst());
            if (at.isAfter(after)) {
                return at;
            }
            local = due;
        }
    }

    private @Nullable Instant nextShown(Instant after, ZoneRules rules) {
        Instant from = after;
        while (true) {
            ZoneOffset offset = rules.getOffset(from.plusSeconds(1));
            LocalDateTime due = expression.next(LocalDateTime.ofInstant(from, offset));
            if (due == null) {
                return null;
            }
            Instant at = due.toInstant(offset);
            ZoneOffsetTransition change = rules.nextTransition(from.plusSeconds(1));
            if (change == null || at.isBefore(change.getInstant())) {
                return at;
            }
            from = change.getInstant().minusSeconds(1);
        }
    }
}
