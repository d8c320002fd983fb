package io.iiikafka.gateway.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.iiikafka.gateway.Version;

/** Puts a configuration together: command line over environment over {@code config.yaml} over defaults. */
public final class ConfigLoader {

    private static final Pattern UNSIGNED = Pattern.compile("\\d{1,18}");
    private static final String VARIABLE_PREFIX = "III_";
    private static final Set<String> OTHER_VARIABLES =
            Set.of("III_LOG", "III_LOG_KAFKA", "III_LOG_FORMAT", "III_JAVA_OPTS", "III_CLASSPATH", "III_URL");

    private final ConfigInput input;
    private final Problems problems = new Problems();
    private final Placeholders placeholders;

    private ConfigLoader(ConfigInput input) {
        this.input = input;
        this.placeholders = new Placeholders(input.environment(), Version.ENGINE);
    }

    /** @throws ConfigException with everything that is wrong, a line each */
    public static LoadedConfig load(ConfigInput input) {
        return new ConfigLoader(input).load();
    }

    private LoadedConfig load() {
        Map<String, Given> commandLine = commandLine();
        Map<String, Given> environment = environment();
        ConfigFile file = input.file()
                .map(path -> ConfigFile.read(path, placeholders, problems))
                .orElseGet(ConfigFile::none);
        Map<String, Given> firstListener =
                file.workers().listeners().isEmpty() ? Map.of() : file.workers().listeners().getFirst();
        Map<String, Given> inFile = new HashMap<>(file.settings());
        inFile.putAll(firstListener);
        List<Map<String, Given>> layers = List.of(commandLine, environment, inFile);

        Values values = new Values(layers, problems);
        ClientProperties clientProperties = new ClientProperties(layers);
        EngineConfig config = config(values, clientProperties, file.workers());
        problems.throwIfAny();
        return new LoadedConfig(config, problems.warnings(), effective(values, config, clientProperties));
    }

    private EngineConfig config(Values values, ClientProperties clientProperties, WorkerEntries workers) {
        KafkaConfig kafka = KafkaConfig.from(values, clientProperties.values());
        boolean existingCluster = kafka.bootstrapServers().isPresent();
        // Where workers are listed and the REST port is not, it is off, unless somebody asks for it by its port.
        boolean http = !workers.listed() || workers.http() || values.isGiven(HttpConfig.PORT);
        return new EngineConfig(
                ProcessConfig.from(values, existingCluster),
                kafka,
                TopicsConfig.from(values, existingCluster),
                BrokerConfig.from(values),
                listeners(values, workers),
                http ? Optional.of(HttpConfig.from(values)) : Optional.empty(),
                AdminConfig.from(values),
                LimitsConfig.from(values),
                ChannelsConfig.from(values),
                StateConfig.from(values),
                StreamConfig.from(values),
                !workers.listed() || workers.stream() || values.isGiven(StreamConfig.PORT),
                QueueConfig.from(values, workers),
                PubsubConfig.from(values),
                KafkaTriggerSettings.from(values),
                KeeperConfig.from(values),
                TimingConfig.from(values));
    }

    private List<ListenerConfig> listeners(Values values, WorkerEntries workers) {
        List<ListenerConfig> listeners = new ArrayList<>();
        listeners.add(ListenerConfig.from(values, 0));
        for (int i = 1; i < workers.listeners().size(); i++) {
            Values own = new Values(List.of(workers.listeners().get(i)), problems);
            listeners.add(ListenerConfig.from(own, i));
        }
        return List.copyOf(listeners);
    }

    private Map<String, Given> commandLine() {
        Map<String, Given> layer = new HashMap<>();
        input.commandLine().forEach((key, text) -> {
            Setting<?> setting = Settings.BY_KEY.get(key);
            if (setting != null || key.startsWith(ClientProperties.KEY_PREFIX)) {
                layer.put(key, given("command line", text, setting != null && setting.type().structured()));
            } else {
                problems.error("command line", "unknown setting '" + key + "'"
                        + NearestName.hint(key, Settings.BY_KEY.keySet()));
            }
        });
        return layer;
    }

    private Map<String, Given> environment() {
        Set<String> variables = Settings.ALL.stream().map(Setting::environment).collect(Collectors.toSet());
        Map<String, Given> layer = new HashMap<>(ClientProperties.ofEnvironment(input.environment(), variables));
        for (Setting<?> setting : Settings.ALL) {
            String text = input.environment().get(setting.environment());
            if (text != null && !text.isEmpty() && !isIgnored(setting, text)) {
                layer.put(
                        setting.key(),
                        given("environment " + setting.environment(), text, setting.type().structured()));
            }
        }
        warnOfMisspelt(variables);
        return layer;
    }

    /** The one variable of the reference that counts only when it can be read (spec: protocol.md 2.2). */
    private boolean isIgnored(Setting<?> setting, String text) {
        boolean ignored = setting == TimingConfig.NAMESPACE_GRACE && !UNSIGNED.matcher(text).matches();
        if (ignored) {
            problems.warn(
                    "environment " + setting.environment(), "is ignored: '" + text + "' is no number of milliseconds");
        }
        return ignored;
    }

    private void warnOfMisspelt(Set<String> variables) {
        Set<String> known = new HashSet<>(variables);
        known.addAll(OTHER_VARIABLES);
        for (String variable : input.environment().keySet()) {
            if (variable.startsWith(VARIABLE_PREFIX)
                    && !variable.startsWith(ClientProperties.ENVIRONMENT_PREFIX)
                    && !known.contains(variable)) {
                NearestName.of(variable, variables).ifPresent(near -> problems.warn(
                        "environment " + variable, "unknown variable is ignored; did you mean " + near + "?"));
            }
        }
    }

    private Given given(String source, String text, boolean structured) {
        ConfigNode node = structured
                ? YamlText.readValue(source, text, placeholders, problems)
                : new ConfigNode.Scalar(text, true, source);
        return new Given(node, source);
    }

    private static List<LoadedConfig.Effective> effective(
            Values values, EngineConfig config, ClientProperties clientProperties) {
        List<LoadedConfig.Effective> effective = new ArrayList<>();
        for (Setting<?> setting : Settings.ALL) {
            if (config.http().isPresent() || !HttpConfig.SETTINGS.contains(setting)) {
                effective.add(new LoadedConfig.Effective(setting.key(), shown(values, setting),
                        values.source(setting)));
            }
        }
        effective.addAll(clientProperties.effective());
        return List.copyOf(effective);
    }

    private static <T> String shown(Values values, Setting<T> setting) {
        return setting.type().show().apply(values.get(setting));
    }
}
