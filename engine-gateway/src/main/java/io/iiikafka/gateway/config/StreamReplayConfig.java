package io.iiikafka.gateway.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.iiikafka.topology.keeper.stream.ReplayRule;
import io.iiikafka.topology.keeper.stream.ReplaySettings;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of the events of streams: {@code replay} of the {@code iii-stream} entry (spec: stream.md 13.1).
 *
 * @param rules for streams by name; the first that matches counts
 */
public record StreamReplayConfig(
        boolean enabled,
        Duration maxAge,
        int maxEventsPerGroup,
        int maxEventBytes,
        Duration consumerGroupTtl,
        List<Rule> rules) {

    /** @param stream a name, or with a {@code *} at its end what names begin with */
    record Rule(String stream, Map<String, ConfigNode> keys) {}

    private static final String PREFIX = "stream.replay.";

    static final Setting<Boolean> ENABLED = Setting.of(
            PREFIX + "enabled", SettingTypes.FLAG, true, "whether events of streams are kept, so that they can be read again");
    static final Setting<Duration> MAX_AGE = Setting.of(
            PREFIX + "max_age_ms",
            SettingTypes.DURATION,
            Duration.ofMillis(ReplayRule.DEFAULT.maxAgeMs()),
            "older events of a group are not read again; 0: no limit");
    static final Setting<Integer> MAX_EVENTS = Setting.of(
            PREFIX + "max_events_per_group",
            SettingTypes.integer(0, Integer.MAX_VALUE),
            (int) ReplayRule.DEFAULT.maxEvents(),
            "so many of the newest events of each group are kept; 0: no limit");
    static final Setting<Integer> MAX_EVENT_BYTES = Setting.of(
            PREFIX + "max_event_bytes",
            SettingTypes.SMALL_SIZE,
            ReplayRule.DEFAULT.maxEventBytes(),
            "a longer event is kept without its data");
    static final Setting<Duration> CONSUMER_GROUP_TTL = Setting.of(
            PREFIX + "consumer_group_ttl_ms",
            SettingTypes.DURATION,
            Duration.ofMillis(ReplaySettings.DEFAULT.consumerGroupTtlMs()),
            "a consumer group that nobody uses for this long is removed");
    static final Setting<List<Rule>> RULES = Setting.of(
            PREFIX + "rules",
            new SettingType<>("a list of {stream: …, enabled: …}", true, StreamReplayConfig::readRules, StreamReplayConfig::show),
            List.<Rule>of(),
            "`[{stream: \"logs:*\", max_age_ms: 1h}, …]`: other values for some streams; the first that matches counts");

    static final List<Setting<?>> SETTINGS =
            List.of(ENABLED, MAX_AGE, MAX_EVENTS, MAX_EVENT_BYTES, CONSUMER_GROUP_TTL, RULES);

    static StreamReplayConfig from(Values values) {
        return new StreamReplayConfig(
                values.get(ENABLED),
                values.get(MAX_AGE),
                values.get(MAX_EVENTS),
                values.get(MAX_EVENT_BYTES),
                values.get(CONSUMER_GROUP_TTL),
                values.get(RULES));
    }

    private static List<Rule> readRules(ConfigNode node) {
        if (node.isNull()) {
            return List.of();
        }
        if (!(node instanceof ConfigNode.Sequence sequence)) {
            throw new BadValue("must be a list of rules such as {stream: name, enabled: false}");
        }
        return sequence.items().stream().map(StreamReplayConfig::readRule).toList();
    }

    private static Rule readRule(ConfigNode node) {
        List<Setting<?>> allowed = List.of(ENABLED, MAX_AGE, MAX_EVENTS, MAX_EVENT_BYTES);
        if (!(node instanceof ConfigNode.Mapping mapping) || mapping.get("stream") == null) {
            throw new BadValue("must have a stream in every rule");
        }
        List<String> names = new ArrayList<>(allowed.stream().map(StreamReplayConfig::name).toList());
        Map<String, ConfigNode> keys = mapping.entries().stream()
                .filter(entry -> !entry.key().equals("stream"))
                .collect(Collectors.toMap(ConfigNode.Entry::key, ConfigNode.Entry::value, (first, last) -> last));
        keys.keySet().stream().filter(key -> !names.contains(key)).findFirst().ifPresent(key -> {
            throw new BadValue("has a rule with an " + KnownKeys.unknown(key, names));
        });
        allowed.forEach(setting -> check(setting, keys.get(name(setting))));
        return new Rule(SettingTypes.TEXT.read(mapping.get("stream")), keys);
    }

    private static void check(Setting<?> setting, @Nullable ConfigNode value) {
        if (value != null) {
            setting.type().read(value);
        }
    }

    private static String name(Setting<?> setting) {
        return setting.key().substring(PREFIX.length());
    }

    private static String show(List<Rule> rules) {
        return rules.isEmpty() ? "none" : rules.stream().map(Rule::stream).toList().toString();
    }

    public ReplaySettings toSettings() {
        ReplayRule otherwise = new ReplayRule(enabled, maxAge.toMillis(), maxEventsPerGroup, maxEventBytes);
        return new ReplaySettings(
                otherwise,
                rules.stream()
                        .map(rule -> new ReplaySettings.Named(rule.stream(), toRule(rule, otherwise)))
                        .toList(),
                consumerGroupTtl.toMillis());
    }

    private static ReplayRule toRule(Rule rule, ReplayRule otherwise) {
        return new ReplayRule(
                read(rule, ENABLED, otherwise.enabled()),
                read(rule, MAX_AGE, Duration.ofMillis(otherwise.maxAgeMs())).toMillis(),
                read(rule, MAX_EVENTS, (int) otherwise.maxEvents()),
                read(rule, MAX_EVENT_BYTES, otherwise.maxEventBytes()));
    }

    private static <T> T read(Rule rule, Setting<T> setting, T otherwise) {
        ConfigNode given = rule.keys().get(name(setting));
        return given == null ? otherwise : setting.type().read(given);
    }
}
