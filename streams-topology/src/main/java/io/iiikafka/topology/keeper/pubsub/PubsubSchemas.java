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
            "ack":{"type":"boolean","description":"Answer topic, offset and subscribers"}},\
            "required":["topic","data"]}""");

    static final RawJson PEEK = RawJson.of("""
            {"type":"object","properties":{"topic":{"type":"string"},\
            "limit":{"type":"integer","minimum":1,"maximum":1000,"default":10}},"required":["topic"]}""");

    private PubsubSchemas() {}
}
