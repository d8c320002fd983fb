package io.iiikafka.gateway.pubsub;

import io.iiikafka.gateway.trigger.BuiltinTriggerType;
import io.iiikafka.gateway.trigger.KeeperTriggerType;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.pubsub.SubscribeConfig;

/** The trigger type {@code subscribe}, also called {@code pubsub} (spec: pubsub.md section 3). */
public final class SubscribeTriggerType {

    private static final RawJson CONFIGURATION = RawJson.of("""
            {"type":"object","properties":{\
            "topic":{"type":"string","description":"Events of exactly this topic"},\
            "condition_function_id":{"type":["string","null"],"description":"Asked first; false: not called"},\
            "match":{"type":"string","enum":["exact","wildcard"],\
            "description":"wildcard: * is one segment, ** the rest; . and :: separate"},\
            "topics":{"type":"array","items":{"type":"string"},"description":"In place of topic"},\
            "group":{"type":"string","description":"Triggers of one group share the events among them"},\
            "from":{"description":"now, earliest, a time, {'offset':n} or retained: first the events from there on"},\
            "durable":{"type":"boolean","description":"Events are kept while no worker is there, and repeated"},\
            "subscription":{"type":"string","description":"With durable: its name"},\
            "retry":{"type":"object"},"dead_letter_function_id":{"type":"string"},\
            "ordering":{"type":"string","enum":["topic","key","none"]},"max_in_flight":{"type":"integer"},\
            "deliver_info":{"type":"boolean","description":"Tells of the event in metadata.iii_event"},\
            "filter":{"type":"object","properties":{"path":{"type":"string"},"equals":{}}},\
            "timeout_ms":{"type":"integer","description":"So long a delivery may wait for a worker"}},\
            "required":["topic"]}""");

    private static final RawJson ANYTHING = RawJson.of("{\"description\":\"What was published\"}");

    private SubscribeTriggerType() {}

    public static BuiltinTriggerType create() {
        return new KeeperTriggerType(
                "subscribe", "iii-pubsub", "Events of a topic of pub/sub", CONFIGURATION, ANYTHING, SubscribeConfig::parse);
    }
}
