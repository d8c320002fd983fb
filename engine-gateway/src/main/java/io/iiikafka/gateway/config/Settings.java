package io.iiikafka.gateway.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/** All settings, in the order in which they are shown. */
public final class Settings {

    static final List<Setting<?>> ALL = Stream.of(
                    ProcessConfig.SETTINGS,
                    KafkaConfig.SETTINGS,
                    TopicsConfig.SETTINGS,
                    BrokerConfig.SETTINGS,
                    ListenerConfig.SETTINGS,
                    HttpConfig.SETTINGS,
                    AdminConfig.SETTINGS,
                    LimitsConfig.SETTINGS,
                    ChannelsConfig.SETTINGS,
                    StateConfig.SETTINGS,
                    StreamConfig.SETTINGS,
                    QueueConfig.SETTINGS,
                    PubsubConfig.SETTINGS,
                    KafkaTriggerSettings.SETTINGS,
                    KeeperConfig.SETTINGS,
                    TimingConfig.SETTINGS)
            .<Setting<?>>flatMap(List::stream)
            .toList();

    static final Map<String, Setting<?>> BY_KEY =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Setting::key, Function.identity()));

    /** A command line flag of its own and the setting behind it. */
    public record Flag(String name, String key, String meaning, String defaultText) {}

    private Settings() {}

    /** The settings that have a command line flag of their own. */
    public static List<Flag> flags() {
        return ALL.stream()
                .flatMap(setting -> flag(setting).stream())
                .toList();
    }

    private static Optional<Flag> flag(Setting<?> setting) {
        @Nullable String name = setting.flag();
        return name == null
                ? Optional.empty()
                : Optional.of(new Flag(name, setting.key(), setting.meaning(), setting.defaultText()));
    }

    /** The table of the documentation, in Markdown. */
    public static String table() {
        StringBuilder table = new StringBuilder(
                "| Setting | Default | Environment | Flag | Meaning |\n|---|---|---|---|---|\n");
        for (Setting<?> setting : ALL) {
            table.append("| `%s` | `%s` | `%s` | %s | %s |\n"
                    .formatted(
                            setting.key(),
                            setting.defaultText(),
                            setting.environment(),
                            setting.flag() == null ? "" : "`" + setting.flag() + "`",
                            setting.meaning()));
        }
        return table.toString();
    }
}
