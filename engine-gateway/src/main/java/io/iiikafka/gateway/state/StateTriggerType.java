package io.iiikafka.gateway.state;

import io.iiikafka.gateway.trigger.BuiltinTriggerType;
import io.iiikafka.gateway.trigger.KeeperTriggerType;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.state.StateTriggerConfig;

/** The trigger type {@code state} (spec: state.md section 5). */
public final class StateTriggerType {

    private static final RawJson CONFIGURATION = RawJson.of("{\"type\":\"object\",\"properties\":{"
            + "\"scope\":{\"type\":\"string\",\"description\":\"Only changes of this scope\"},"
            + "\"key\":{\"type\":\"string\",\"description\":\"Only changes of this key\"},"
            + "\"condition_function_id\":{\"type\":\"string\",\"description\":\"Asked first; false: not called\"},"
            + "\"scope_prefix\":{\"type\":\"string\",\"description\":\"Only scopes that begin so\"},"
            + "\"key_prefix\":{\"type\":\"string\",\"description\":\"Only keys that begin so\"},"
            + "\"event_types\":{\"type\":\"array\",\"description\":\"Only these\",\"items\":{\"type\":\"string\","
            + "\"enum\":[\"state:created\",\"state:updated\",\"state:deleted\"]}},"
            + "\"only_changes\":{\"type\":\"boolean\",\"description\":\"Not for writes that change nothing\"},"
            + "\"condition\":{\"type\":\"string\",\"description\":\"CEL: status == \\\"pending\\\"\"},"
            + "\"condition_mode\":{\"type\":\"string\",\"enum\":[\"enter\",\"match\",\"leave\"]},"
            + "\"include_meta\":{\"type\":\"boolean\",\"description\":\"Adds meta to the event\"},"
            + "\"include_forks\":{\"type\":\"boolean\",\"description\":\"Also changes of forks\"}"
            + KeeperTriggerType.guarantees("key", "scope", "durable_id") + ",\"start\":{\"description\":\"{'revision':n}: first the changes since then\"}}}");
    private static final RawJson REQUEST = RawJson.of("{\"type\":\"object\",\"properties\":{"
            + "\"type\":{\"type\":\"string\",\"enum\":[\"state\"]},"
            + "\"event_type\":{\"type\":\"string\",\"enum\":[\"state:created\",\"state:updated\",\"state:deleted\"]},"
            + "\"scope\":{\"type\":\"string\"},\"key\":{\"type\":\"string\"},\"old_value\":{},\"new_value\":{}},"
            + "\"required\":[\"type\",\"event_type\",\"scope\",\"key\",\"old_value\",\"new_value\"]}");

    private StateTriggerType() {}

    public static BuiltinTriggerType create() {
        return new KeeperTriggerType(
                "state", "iii-state", "State trigger", CONFIGURATION, REQUEST, StateTriggerConfig::parse);
    }
}
