package io.iiikafka.gateway.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Short ways to load a configuration. */
final class Load {

    private Load() {}

    static EngineConfig defaults() {
        return EngineConfig.of(Map.of());
    }

    static EngineConfig settings(String... keysAndValues) {
        return EngineConfig.of(map(keysAndValues));
    }

    static EngineConfig environment(String... namesAndValues) {
        return ConfigLoader.load(new ConfigInput(Optional.empty(), map(namesAndValues), Map.of()))
                .config();
    }

    static LoadedConfig yaml(String text, String... environment) {
        return ConfigLoader.load(new ConfigInput(Optional.of(file(text)), map(environment), Map.of()));
    }

    /** The lines of the refusal, with {@code config.yaml} for the file's path. */
    static List<String> problems(String yaml, String... environment) {
        Path file = file(yaml);
        ConfigException refusal = catchThrowableOfType(
                ConfigException.class,
                () -> ConfigLoader.load(new ConfigInput(Optional.of(file), map(environment), Map.of())));
        return refusal.getMessage().replace(file.toString(), "config.yaml").lines().toList();
    }

    static Path file(String text) {
        try {
            Path file = Files.createTempDirectory("config-").resolve("config.yaml");
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, String> map(String... keysAndValues) {
        var map = new java.util.HashMap<String, String>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
