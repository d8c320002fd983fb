package io.iiikafka.gateway.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import io.iiikafka.gateway.config.ConfigInput;
import io.iiikafka.gateway.config.Settings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;

/** The options of every command: the configuration file, and settings. */
final class SettingOptions {

    private static final Path USUAL_FILE = Path.of("config.yaml");

    private final Map<String, String> settings = new HashMap<>();
    private Optional<Path> file = Optional.empty();

    void addTo(CommandSpec spec) {
        add(spec, "--config", "FILE", "the configuration file; default: ./config.yaml where there is one",
                value -> file = Optional.of(Path.of(value)));
        for (Settings.Flag flag : Settings.flags()) {
            String meaning = flag.meaning().replace("`", "") + " (default: " + flag.defaultText() + ")";
            add(spec, flag.name(), "VALUE", meaning, value -> settings.put(flag.key(), value));
        }
        add(spec, "--set", "KEY=VALUE", "any setting, for instance --set limits.max_payload=8MiB", this::set);
        add(spec, "--kafka-property", "NAME=VALUE", "any property of Kafka clients, for instance"
                + " security.protocol=SASL_SSL", value -> set("kafka." + value));
    }

    private interface Taker {
        void take(String value);
    }

    private static void add(CommandSpec spec, String name, String label, String meaning, Taker taker) {
        ISetter setter = new ISetter() {
            @Override
            @SuppressWarnings({"unchecked", "NullAway"})
            public <T> T set(T value) {
                if (value != null) {
                    taker.take((String) value);
                }
                return (T) null;
            }
        };
        spec.addOption(OptionSpec.builder(name)
                .type(String.class)
                .paramLabel(label)
                .description(meaning)
                .setter(setter)
                .scopeType(ScopeType.INHERIT)
                .build());
    }

    private void set(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 0) {
            settings.put(assignment, "");
        } else {
            settings.put(assignment.substring(0, equals), assignment.substring(equals + 1));
        }
    }

    ConfigInput toInput(Map<String, String> environment) {
        Optional<Path> chosen = file.or(() -> Files.exists(USUAL_FILE) ? Optional.of(USUAL_FILE) : Optional.empty());
        return new ConfigInput(chosen, environment, Map.copyOf(settings));
    }
}
