package io.iiikafka.gateway.config;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LimitsConfigTest {

    private static final int MIB = 1024 * 1024;

    @Test
    void shouldHaveDefaults() {
        assertThat(Load.defaults().limits())
                .isEqualTo(new LimitsConfig(
                        32 * MIB, 16 * MIB, MIB, 4096, 32_768, LimitsConfig.AUTO, 32L * MIB, 10_000, 20_000, 32L * MIB));
    }

    @Test
    void shouldMapEachSetting() {
        LimitsConfig expected = new LimitsConfig(8 * MIB, 4 * MIB, 512, 10, 20, 2048, 1024, 30, 40, 2000);

        assertThat(Load.yaml("""
                        limits:
                          max_message: 8MiB
                          max_payload: 4194304
                          max_registration: 512
                          in_flight_per_worker: 10
                          in_flight_per_gateway: 20
                          in_flight_bytes: 2KiB
                          socket_write_queue: 1KiB
                          functions_per_worker: 30
                          registrations_per_worker: 40
                          registered_bytes_per_worker: 2000
                        """).config().limits()).isEqualTo(expected);
        assertThat(Load.environment(
                                "III_LIMITS_MAX_MESSAGE", "8MiB",
                                "III_LIMITS_MAX_PAYLOAD", "4MiB",
                                "III_LIMITS_MAX_REGISTRATION", "512",
                                "III_LIMITS_IN_FLIGHT_PER_WORKER", "10",
                                "III_LIMITS_IN_FLIGHT_PER_GATEWAY", "20",
                                "III_LIMITS_IN_FLIGHT_BYTES", "2KiB",
                                "III_LIMITS_SOCKET_WRITE_QUEUE", "1024",
                                "III_LIMITS_FUNCTIONS_PER_WORKER", "30",
                                "III_LIMITS_REGISTRATIONS_PER_WORKER", "40",
                                "III_LIMITS_REGISTERED_BYTES_PER_WORKER", "2000")
                        .limits())
                .isEqualTo(expected);
    }

    @Test
    void shouldRefusePayloadThatNoMessageCanHold() {
        assertThat(Load.problems("limits: {max_message: 1MiB}"))
                .containsExactly(
                        "default: limits.max_payload must be smaller than limits.max_message,"
                                + " which also holds the envelope");
    }
}
