package io.iiikafka.gateway.config;

import java.util.List;
import java.util.Optional;

/**
 * A configuration and what there is to say about it.
 *
 * @param config the configuration
 * @param warnings what was ignored or changed, one line each with its place
 * @param effective every setting with its value and who gave it, secrets left out: what {@code --print-config} shows
 */
public record LoadedConfig(EngineConfig config, List<String> warnings, List<Effective> effective) {

    /** {@code source} is a place, or {@code default}. */
    public record Effective(String key, String value, String source) {}

    /** {@code key = value  # source}, a line each. */
    public String print() {
        int width = effective.stream()
                .mapToInt(setting -> setting.key().length() + setting.value().length())
                .filter(length -> length < 60)
                .max()
                .orElse(0);
        StringBuilder text = new StringBuilder();
        for (Effective setting : effective) {
            String line = setting.key() + " = " + setting.value();
            text.append(line)
                    .append(" ".repeat(Math.max(2, width + 5 - line.length())))
                    .append("# ")
                    .append(setting.source())
                    .append(System.lineSeparator());
        }
        return text.toString();
    }

    Optional<Effective> find(String key) {
        return effective.stream().filter(setting -> setting.key().equals(key)).findFirst();
    }
}
