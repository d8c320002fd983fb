package io.iiikafka.gateway.config;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AdminConfigTest {

    @Test
    void shouldHaveDefaultsAndMapEachSetting() {
        AdminConfig expected = new AdminConfig("0.0.0.0", 1);

        assertThat(Load.defaults().admin()).isEqualTo(new AdminConfig("127.0.0.1", 9464));
        assertThat(Load.yaml("admin: {host: 0.0.0.0, port: 1}").config().admin()).isEqualTo(expected);
        assertThat(Load.environment("III_ADMIN_HOST", "0.0.0.0", "III_ADMIN_PORT", "1").admin())
                .isEqualTo(expected);
    }
}
