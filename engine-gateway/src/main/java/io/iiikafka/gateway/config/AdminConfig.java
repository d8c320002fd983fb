package io.iiikafka.gateway.config;

import java.util.List;

/**
 * The admin port: health and metrics, no authentication.
 *
 * @param host default {@code 127.0.0.1}
 * @param port default 9464; 0: any free one
 */
public record AdminConfig(String host, int port) {

    static final Setting<String> HOST = Setting.of(
                    "admin.host", SettingTypes.TEXT, "127.0.0.1", "address of the admin port (health, metrics)")
            .flag("--admin-host");
    static final Setting<Integer> PORT = Setting.of(
                    "admin.port", SettingTypes.PORT, 9464, "the admin port; 0: any free one")
            .flag("--admin-port");

    static final List<Setting<?>> SETTINGS = List.of(HOST, PORT);

    static AdminConfig from(Values values) {
        return new AdminConfig(values.get(HOST), values.get(PORT));
    }
}
