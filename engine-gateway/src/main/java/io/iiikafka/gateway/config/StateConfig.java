package io.iiikafka.gateway.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

import io.iiikafka.topology.keeper.state.HistorySettings;
import io.iiikafka.topology.keeper.state.StateSettings;

/**
 * {@code state::*}: the {@code iii-state} entry (spec: state.md 8.1).
 *
 * @param triggersEnabled default true
 * @param maxValueBytes empty (the default): no limit but that of payloads
 * @param maxValueBytesStrict whether the limit also holds for what updates and compare-and-set come to; default false
 * @param shardedScopes patterns of scopes that are spread by key; default none
 * @param maxTriggerDepth after how many changes that led to each other no more triggers are called; 0 (the default): never
 * @param history what is kept of changes; default all of them for a week (12.5)
 */
public record StateConfig(
        boolean triggersEnabled,
        OptionalLong maxValueBytes,
        boolean maxValueBytesStrict,
        List<String> shardedScopes,
        int maxTriggerDepth,
        HistorySettings history) {

    static final String WORKER_NAME = "iii-state";

    static final Setting<Boolean> TRIGGERS_ENABLED = Setting.of(
            "state.triggers_enabled", SettingTypes.FLAG, true, "whether changes of state call the functions of triggers");
    static final Setting<OptionalLong> MAX_VALUE_BYTES = Setting.of(
            "state.max_value_bytes",
            SettingTypes.OPTIONAL_SIZE,
            OptionalLong.empty(),
            "longest value that `state::set` takes; none: no limit but `limits.max_payload`");
    static final Setting<Boolean> MAX_VALUE_BYTES_STRICT = Setting.of(
            "state.max_value_bytes_strict",
            SettingTypes.FLAG,
            false,
            "whether that limit also holds for what `state::update` and `state::compare-and-set` come to");
    static final Setting<List<String>> SHARDED_SCOPES = Setting.of(
            "state.sharded_scopes",
            new SettingType<>(
                    "patterns of scopes", false, SettingTypes::words, scopes -> scopes.isEmpty() ? "none" : String.join(",", scopes)),
            List.<String>of(),
            "scopes (`*`: any characters) that are spread over all partitions by key, for those too hot for one; the same"
                    + " on all gateways, and never changed for a scope that holds values");

    static final Setting<Integer> MAX_TRIGGER_DEPTH = Setting.of(
            "state.max_trigger_depth",
            SettingTypes.integer(0, 1_000_000),
            0,
            "after how many changes that led to each other through triggers no more are called; 0: never (a warning comes"
                    + " at 64)");
    static final Setting<Boolean> HISTORY_ENABLED = Setting.of(
            "state.history.enabled", SettingTypes.FLAG, true, "whether changes of state are kept, with who made them and why");
    static final Setting<Duration> HISTORY_MAX_AGE = Setting.of(
            "state.history.max_age_ms", SettingTypes.DURATION, Duration.ofDays(7), "for how long");
    static final Setting<Integer> HISTORY_MAX_VERSIONS = Setting.of(
            "state.history.max_versions_per_key",
            SettingTypes.integer(1, Integer.MAX_VALUE),
            1_000,
            "of each key at most so many, the newest");
    static final Setting<Boolean> HISTORY_VALUES = Setting.of(
            "state.history.values", SettingTypes.FLAG, true, "whether values are kept, too (up to 1 MiB for each change)");
    static final Setting<List<String>> HISTORY_EXCLUDED = Setting.of(
            "state.history.exclude_scopes",
            SHARDED_SCOPES.type(),
            List.<String>of(),
            "scopes (`*`: any characters) of which no changes are kept");

    static final List<Setting<?>> SETTINGS = List.of(
            TRIGGERS_ENABLED,
            MAX_VALUE_BYTES,
            MAX_VALUE_BYTES_STRICT,
            SHARDED_SCOPES,
            MAX_TRIGGER_DEPTH,
            HISTORY_ENABLED,
            HISTORY_MAX_AGE,
            HISTORY_MAX_VERSIONS,
            HISTORY_VALUES,
            HISTORY_EXCLUDED);

    private static final OtherStorage STORAGE = new OtherStorage(
            WORKER_NAME,
            "state is kept",
            Map.of("kv", Set.of("store_method", "file_path", "save_interval_ms"), "redis", Set.of("redis_url")),
            Set.of(),
            Map.of("modules::state::adapters::KvStore", "kv", "modules::state::adapters::RedisAdapter", "redis"));

    static StateConfig from(Values values) {
        OptionalLong limit = values.get(MAX_VALUE_BYTES);
        if (limit.isPresent() && limit.getAsLong() < 1) {
            values.warn(MAX_VALUE_BYTES, "must be at least 1; there is no limit now");
            limit = OptionalLong.empty();
        }
        return new StateConfig(
                values.get(TRIGGERS_ENABLED),
                limit,
                values.get(MAX_VALUE_BYTES_STRICT),
                values.get(SHARDED_SCOPES),
                values.get(MAX_TRIGGER_DEPTH),
                new HistorySettings(
                        values.get(HISTORY_ENABLED),
                        values.get(HISTORY_MAX_AGE).toMillis(),
                        values.get(HISTORY_MAX_VERSIONS),
                        values.get(HISTORY_VALUES),
                        values.get(HISTORY_EXCLUDED)));
    }

    /** Whether a key of the entry is one that only other engines heed; what it says is checked as far as it matters. */
    static boolean isOfOtherStores(ConfigNode.Entry key, Problems problems) {
        return switch (key.key()) {
            case "save_interval_ms" -> true;
            case "adapter" -> {
                if (!key.value().isNull()) {
                    STORAGE.check(key, problems);
                }
                yield true;
            }
            default -> false;
        };
    }

    public StateSettings toSettings(LimitsConfig limits) {
        return new StateSettings(
                shardedScopes, triggersEnabled, maxValueBytes, maxValueBytesStrict, limits.maxPayloadBytes(),
                maxTriggerDepth, history);
    }
}
