package io.iiikafka.gateway.config;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ChannelsConfigTest {

    @Test
    void shouldHaveDefaults() {
        assertThat(Load.defaults().channels())
                .isEqualTo(new ChannelsConfig(Duration.ofMinutes(5), 4 * 1024 * 1024, Duration.ofMillis(10)));
    }

    @Test
    void shouldMapEachSetting() {
        assertThat(Load.yaml("channels: {unopened_life: 2s, buffer: 1KiB, close_grace: 0}").config().channels())
                .isEqualTo(new ChannelsConfig(Duration.ofSeconds(2), 1024, Duration.ZERO));
    }

    @Test
    void shouldRefuseALifeInWhichNobodyCanOpenAChannel() {
        assertThat(Load.problems("channels: {unopened_life: 0}"))
                .containsExactly("config.yaml:1: channels.unopened_life must be at least 1s,"
                        + " or channels go before anybody can open them");
    }
}
