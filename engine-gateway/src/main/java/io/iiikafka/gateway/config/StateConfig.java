package io.iiikafka.gateway.config;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

import io.iiikafka.topology.keeper.state.StateSettings;

/**
 * {@code state::*}: the {@code iii-state} entry (spec: state.md 8.1).
 *
 * @param triggersEnabled default true
 * @param maxValueBytes empty (the default): no limit but that of payloads
 * @param maxValueBytesStrict whether the limit also holds for what updates and compare-and-set come to; default false
 * @param shardedScopes patterns of scopes that are spread by key; default none
 */
public record StateConfig(
        boolean triggersEnabled, OptionalLong maxValueBytes, boolean maxValueBytesStrict, List<String> shardedScopes) {

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

    static final List<Setting<?>> SETTINGS =
            List.of(TRIGGERS_ENABLED, MAX_VALUE_BYTES, MAX_VALUE_BYTES_STRICT, SHARDED_SCOPES);

    private static final Set<String> ADAPTERS = Set.of(
            "kv", "redis", "modules::state::adapters::KvStore", "modules::state::adapters::RedisAdapter");

    static StateConfig from(Values values) {
        OptionalLong limit = values.get(MAX_VALUE_BYTES);
        if (limit.isPresent() && limit.getAsLong() < 1) {
            values.warn(MAX_VALUE_BYTES, "must be at least 1; there is no limit now");
            limit = OptionalLong.empty();
        }
        return new StateConfig(
                values.get(TRIGGERS_ENABLED), limit, values.get(MAX_VALUE_BYTES_STRICT), values.get(SHARDED_SCOPES));
    }

    /** Whether a key of the entry is one that only other engines heed; what it says is checked as far as it matters. */
    static boolean isOfOtherStores(ConfigNode.Entry key, Problems problems) {
        return switch (key.key()) {
            case "save_interval_ms" -> true;
            case "adapter" -> {
                adapter(key, problems);
                yield true;
            }
            default -> false;
        };
    }

    private static void adapter(ConfigNode.Entry key, Problems problems) {
        if (key.value().isNull()) {
            return;
        }
        ConfigNode given = key.value() instanceof ConfigNode.Mapping adapter
                ? adapter.get("name") == null ? adapter.get("class") : adapter.get("name")
                : null;
        if (given instanceof ConfigNode.Scalar name && ADAPTERS.contains(name.text())) {
            problems.warn(key.where(), "state is kept in Kafka; what '" + name.text() + "' is given has no effect");
        } else {
            problems.error(key.where(), "adapter of " + WORKER_NAME + " must be 'kv' or 'redis' (both are accepted, state"
                    + " is kept in Kafka in any case); to use another engine's state, call that engine");
        }
    }

    public StateSettings toSettings(LimitsConfig limits) {
        return new StateSettings(
                shardedScopes, triggersEnabled, maxValueBytes, maxValueBytesStrict, limits.maxPayloadBytes());
    }
}
