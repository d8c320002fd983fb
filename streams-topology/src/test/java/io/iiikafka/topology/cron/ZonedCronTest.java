package io.iiikafka.topology.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZonedCronTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // the clock jumps from 02:00 to 03:00: once, right after it
        "Europe/Berlin | 0 30 2 * * * | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z 2026-03-30T00:30:00Z",
        "America/New_York | 0 30 2 * * * | 2026-03-07T12:00:00Z | 2026-03-08T07:00:00Z 2026-03-09T06:30:00Z",
        "Europe/Berlin | 0 0,20,40 2 * * * | 2026-03-29T00:00:00Z | 2026-03-29T01:00:00Z 2026-03-30T00:00:00Z",
        "Europe/Berlin | 0 0 3 * * * | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z 2026-03-30T01:00:00Z",
        // half an hour of it, at 02:00
        "Australia/Lord_Howe | 0 15 2 * * * | 2026-10-03T00:00:00Z | 2026-10-03T15:30:00Z 2026-10-04T15:15:00Z",
        // from 03:00 back to 02:00: once, in the first
        "Europe/Berlin | 0 30 2 * * * | 2026-10-24T12:00:00Z | 2026-10-25T00:30:00Z 2026-10-26T01:30:00Z",
        "America/New_York | 0 30 1 * * * | 2026-10-31T12:00:00Z | 2026-11-01T05:30:00Z 2026-11-02T06:30:00Z",
        "Europe/Berlin | 0 30 2 * * * | 2026-10-25T00:45:00Z | 2026-10-26T01:30:00Z 2026-10-27T01:30:00Z",
        "Europe/Berlin | 0 30 2 * * * | 2026-10-25T01:10:00Z | 2026-10-26T01:30:00Z 2026-10-27T01:30:00Z",
        // what follows elapsed time
        "Europe/Berlin | 0 30 * * * * | 2026-03-29T00:00:00Z | 2026-03-29T00:30:00Z 2026-03-29T01:30:00Z",
        "Europe/Berlin | 0 30 * * * * | 2026-10-25T00:00:00Z | 2026-10-25T00:30:00Z 2026-10-25T01:30:00Z",
        "America/New_York | 0 */30 * * * * | 2026-11-01T05:15:00Z | 2026-11-01T05:30:00Z 2026-11-01T06:00:00Z",
        "America/New_York | 0 0 */2 * * * | 2026-03-08T04:30:00Z | 2026-03-08T05:00:00Z 2026-03-08T08:00:00Z",
        "Asia/Kolkata | 0 0 9 * * Mon | 2026-01-31T23:59:30.400Z | 2026-02-02T03:30:00Z 2026-02-09T03:30:00Z",
        "UTC | 0 0 9 * * Mon | 2026-01-31T23:59:30.400Z | 2026-02-02T09:00:00Z 2026-02-09T09:00:00Z"
    })
    void shouldFollowTheClockOfTheZone(String zone, String expression, String from, String ticks) throws Exception {
        ZonedCron cron = new ZonedCron(CronExpression.parse(expression, null), ZoneId.of(zone));
        List<String> found = new ArrayList<>();
        Instant at = Instant.parse(from);
        for (int i = 0; i < 2; i++) {
            at = cron.next(at);
            found.add(at.toString());
        }
        assertThat(found).containsExactly(ticks.split(" "));
    }
}
