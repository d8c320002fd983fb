package io.iiikafka.gateway.config;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Properties of Kafka clients that are passed through untouched: {@code kafka.NAME} in {@code config.yaml} and on the
 * command line, {@code III_KAFKA_NAME} (with {@code _} for {@code .}) in the environment.
 */
final class ClientProperties {

    static final String KEY_PREFIX = "kafka.";
    static final String ENVIRONMENT_PREFIX = "III_KAFKA_";

    private static final List<String> SECRET_WORDS = List.of("password", "secret", "jaas", "token", "keystore.key");

    /** In their layers, the strongest first. */
    private final List<Map<String, Given>> layers;

    ClientProperties(List<Map<String, Given>> layers) {
        this.layers = layers;
    }

    /** Those of the environment, without what is a setting of its own. */
    static Map<String, Given> ofEnvironment(Map<String, String> environment, Set<String> settings) {
        Map<String, Given> found = new HashMap<>();
        environment.forEach((variable, value) -> {
            if (variable.startsWith(ENVIRONMENT_PREFIX) && !settings.contains(variable) && !value.isEmpty()) {
                String name = variable.substring(ENVIRONMENT_PREFIX.length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '.');
                String where = "environment " + variable;
                found.put(KEY_PREFIX + name, new Given(new ConfigNode.Scalar(value, true, where), where));
            }
        });
        return found;
    }

    /** Values by the names that Kafka knows. */
    Map<String, String> values() {
        Map<String, String> values = new TreeMap<>();
        merged().forEach((key, given) -> values.put(key.substring(KEY_PREFIX.length()), text(given)));
        return values;
    }

    List<LoadedConfig.Effective> effective() {
        return merged().entrySet().stream()
                .map(property -> new LoadedConfig.Effective(
                        property.getKey(),
                        isSecret(property.getKey()) ? "[redacted]" : text(property.getValue()),
                        property.getValue().source()))
                .toList();
    }

    private Map<String, Given> merged() {
        Map<String, Given> merged = new TreeMap<>();
        for (Map<String, Given> layer : layers.reversed()) {
            layer.forEach((key, given) -> {
                if (key.startsWith(KEY_PREFIX) && !Settings.BY_KEY.containsKey(key)) {
                    merged.put(key, given);
                }
            });
        }
        return merged;
    }

    private static String text(Given given) {
        return given.node() instanceof ConfigNode.Scalar scalar
                ? scalar.text()
                : String.join(",", SettingTypes.words(given.node()));
    }

    static boolean isSecret(String key) {
        String lower = key.toLowerCase(Locale.ROOT);
        return SECRET_WORDS.stream().anyMatch(lower::contains);
    }
}
