package io.iiikafka.topology.keeper.pubsub;

import io.iiikafka.sdk.protocol.RawJson;

/** What discovery says of inputs. */
final class PubsubSchemas {

    static final RawJson PUBLISH = RawJson.of("""
            {"type":"object","properties":{\
            "topic":{"type":"string","description":"Who subscribed to exactly this topic is told"},\
            "data":{"description":"Any JSON; what handlers get"},\
            "key":{"type":"string","description":"What it is about; part of the key of its record"},\
            "headers":{"type":"object","description":"Headers of its record"},\
            "ttl_ms":{"type":"integer","description":"For so long late subscribers are told of it"},\
            "retain":{"type":"boolean","description":"Subscriptions from \\"retained\\" are told of it first"},\
            "ack":{"type":"boolean","description":"Answer topic, offset and subscribers"}},\
            "required":["topic","data"]}""");

    static final RawJson PUBLISH_BATCH = RawJson.of("""
            {"type":"object","properties":{\
            "events":{"type":"array","minItems":1,"maxItems":500,"items":{"type":"object",\
            "properties":{"topic":{"type":"string"},"data":{}},"required":["topic","data"]},\
            "description":"Of one topic; each with what publish takes"},\
            "ack":{"type":"boolean","description":"Answer topic, offset of the first, and how many"}},\
            "required":["events"]}""");

    static final RawJson PEEK = RawJson.of("""
            {"type":"object","properties":{"topic":{"type":"string"},\
            "limit":{"type":"integer","minimum":1,"maximum":1000,"default":10}},"required":["topic"]}""");

    private PubsubSchemas() {}
}
