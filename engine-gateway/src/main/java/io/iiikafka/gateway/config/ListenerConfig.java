package io.iiikafka.gateway.config;

import java.time.Duration;
import java.util.List;

/**
 * One worker listener: an {@code iii-worker-manager} entry (spec: protocol.md 1.1).
 *
 * @param name {@code iii-worker-manager}; further ones {@code iii-worker-manager#1}, {@code #2} …
 * @param host default {@code 0.0.0.0}
 * @param port default 49134; 0: any free one
 * @param handshakeTimeout how long the head of an HTTP request may take; default 10 s
 */
public record ListenerConfig(String name, String host, int port, Duration handshakeTimeout) {

    public static final String WORKER_NAME = "iii-worker-manager";

    static final Setting<String> HOST = Setting.of(
                    "listener.host", SettingTypes.TEXT, "0.0.0.0", "address that workers connect to")
            .environment("III_HOST")
            .flag("--host");
    static final Setting<Integer> PORT = Setting.of(
                    "listener.port", SettingTypes.PORT, 49_134, "port that workers connect to; 0: any free one")
            .environment("III_PORT")
            .flag("--port");
    static final Setting<Duration> HANDSHAKE_TIMEOUT = Setting.of(
                    "listener.handshake_timeout_ms",
                    SettingTypes.DURATION,
                    Duration.ofSeconds(10),
                    "how long the head of an HTTP request may take")
            .environment("III_HANDSHAKE_TIMEOUT_MS");

    static final List<Setting<?>> SETTINGS = List.of(HOST, PORT, HANDSHAKE_TIMEOUT);

    static ListenerConfig from(Values values, int index) {
        return new ListenerConfig(
                index == 0 ? WORKER_NAME : WORKER_NAME + "#" + index,
                values.get(HOST),
                values.get(PORT),
                values.get(HANDSHAKE_TIMEOUT));
    }
}
