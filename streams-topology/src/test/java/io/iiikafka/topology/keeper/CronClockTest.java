package io.iiikafka.topology.keeper;

import static io.iiikafka.topology.keeper.CronRig.EVERY_MINUTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.file.Path;
import java.time.Duration;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.cron.CronTriggerConfig;
import io.iiikafka.topology.keeper.trigger.InvalidTriggerException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules that are given times which no clock shows, or another clock than theirs. */
class CronClockTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    @AutoClose
    private final CronRig rig;

    CronClockTest(@TempDir Path directory) {
        rig = new CronRig(directory);
    }

    @Test
    void shouldRunOtherSchedulesBesideOneThatStartsAtTheEndOfTime() {
        assertTimeoutPreemptively(SOON, () -> {
            rig.trigger("w", "far", "{\"every_ms\":31536000000,\"start_at\":\"+292278994-01-01T00:00:00Z\"}");
            rig.trigger("w", "t", EVERY_MINUTE + "}");
            rig.passTo("2026-02-01T00:00:00.100Z");
        });
        assertThat(rig.ticks()).containsExactly("00:00:00");
    }

    @Test
    void shouldNotRunBeforeTheTickWhenTheClockOfAGatewayIsAhead() {
        rig.trigger("w", "t", EVERY_MINUTE + "}");
        rig.nudgeAhead(60_000);
        assertThat(rig.calls()).isEmpty();
        rig.passTo("2026-02-01T00:00:00.100Z");
        assertThat(rig.ticks()).containsExactly("00:00:00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"+292278994-01-01T00:00:00Z", "+10000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "tomorrow"})
    void shouldRefuseATimeWithWhichSchedulesCannotReckon(String time) {
        RawJson config = RawJson.of(EVERY_MINUTE + ",\"start_at\":\"" + time + "\"}");
        assertThatThrownBy(() -> CronTriggerConfig.parse(config))
                .isInstanceOf(InvalidTriggerException.class)
                .hasMessageContaining("`start_at` must be a time such as 2026-07-03T12:00:00Z, in a year from 0 to 9999");
    }
}
