package io.iiikafka.gateway.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a configuration comes from.
 *
 * @param file {@code config.yaml}
 * @param environment the process's
 * @param commandLine settings by their keys; {@code kafka.NAME} for client properties
 */
public record ConfigInput(Optional<Path> file, Map<String, String> environment, Map<String, String> commandLine) {

    /** Nothing but these settings. */
    public static ConfigInput of(Map<String, String> settings) {
        return new ConfigInput(Optional.empty(), Map.of(), settings);
    }
}
