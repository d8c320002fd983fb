package io.iiikafka.gateway.stream;

import io.iiikafka.gateway.trigger.BuiltinTriggerType;
import io.iiikafka.gateway.trigger.KeeperTriggerType;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.stream.StreamTriggerConfig;

/** The trigger type {@code stream} (spec: stream.md 6.1). */
public final class StreamTriggerType {

    private static final RawJson CONFIGURATION = RawJson.of("{\"type\":\"object\",\"properties\":{"
            + "\"stream_name\":{\"type\":\"string\",\"description\":\"Exactly this stream\"},"
            + "\"group_id\":{\"type\":[\"string\",\"null\"],\"description\":\"Only this group; empty: every group\"},"
            + "\"item_id\":{\"type\":[\"string\",\"null\"],\"description\":\"Only this item; empty: every item\"},"
            + "\"condition_function_id\":{\"type\":[\"string\",\"null\"],"
            + "\"description\":\"Asked first; false: not called\"},"
            + "\"stream_prefix\":{\"type\":\"string\",\"description\":\"In place of stream_name: streams that begin so\"},"
            + "\"group_prefix\":{\"type\":\"string\"},\"item_prefix\":{\"type\":\"string\"},"
            + "\"event_types\":{\"type\":\"array\",\"items\":{\"type\":\"string\","
            + "\"enum\":[\"create\",\"update\",\"delete\",\"event\"]}},"
            + "\"custom_types\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},"
            + "\"description\":\"Only sent events of these types\"},"
            + "\"only_changes\":{\"type\":\"boolean\",\"description\":\"Not for writes that change nothing\"},"
            + "\"condition\":{\"type\":\"string\",\"description\":\"CEL; members of the new value are variables\"},"
            + "\"condition_mode\":{\"type\":\"string\",\"enum\":[\"enter\",\"match\",\"leave\"]},"
            + "\"payload\":{\"type\":\"string\",\"enum\":[\"frame\",\"flat\",\"both\"]},"
            + "\"include_meta\":{\"type\":\"boolean\"}"
            + KeeperTriggerType.guarantees("item", "group", "consumer_group") + ",\"start\":{\"description\":\"As from of stream::read: first the events from there on\"},"
            + "\"batch\":{\"type\":\"object\",\"properties\":{\"max_events\":{\"type\":\"integer\"},"
            + "\"max_wait_ms\":{\"type\":\"integer\"}}}}}");
    private static final RawJson REQUEST = RawJson.of("{\"type\":\"object\",\"properties\":{"
            + "\"type\":{\"type\":\"string\",\"enum\":[\"stream\"]},\"timestamp\":{\"type\":\"integer\"},"
            + "\"streamName\":{\"type\":\"string\"},\"groupId\":{\"type\":\"string\"},"
            + "\"id\":{\"type\":[\"string\",\"null\"]},"
            + "\"event\":{\"type\":\"object\",\"properties\":{\"type\":{\"type\":\"string\","
            + "\"enum\":[\"create\",\"update\",\"delete\",\"event\"]},\"data\":{},\"event\":{\"type\":\"object\"}},"
            + "\"required\":[\"type\"]}},"
            + "\"required\":[\"type\",\"timestamp\",\"streamName\",\"groupId\",\"id\",\"event\"]}");

    private StreamTriggerType() {}

    public static BuiltinTriggerType create() {
        return new KeeperTriggerType(
                "stream", "iii-stream", "Stream trigger", CONFIGURATION, REQUEST, StreamTriggerConfig::parse);
    }
}
