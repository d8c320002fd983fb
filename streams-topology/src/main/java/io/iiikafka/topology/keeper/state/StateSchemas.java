package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.RawJson;

/** What discovery says of inputs and results (spec: state.md 2.11). */
final class StateSchemas {

    static final RawJson ADDRESS = object("""
            "scope":{"type":"string","description":"Group of keys"},
            "key":{"type":"string","description":"Name of the value within its scope"}""", "\"scope\",\"key\"");

    static final RawJson SET_REQUEST = object("""
            "scope":{"type":"string","description":"Group of keys"},
            "key":{"type":"string","description":"Name of the value within its scope"},
            "value":{"description":"Any JSON; null is stored as such"}""", "\"scope\",\"key\",\"value\"");

    static final RawJson CHANGED = object("""
            "old_value":{"description":"What was there; null when nothing was"},
            "new_value":{"description":"What is there now"}""", "\"old_value\",\"new_value\"");

    private StateSchemas() {}

    static RawJson object(String properties, String required) {
        return RawJson.of("{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"object\",\"properties\":{"
                + properties.replace("\n", "") + "},\"required\":[" + required + "]}");
    }
}
