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
            "value":{"description":"Any JSON; null is stored as such"},
            "if_version":{"type":"integer","description":"Only if the key is at this version; 0: only if it is not there"},
            "ttl_ms":{"type":"integer","description":"Removed after that time unless it is written again"}""",
            "\"scope\",\"key\",\"value\"");

    static final RawJson DELETE_REQUEST = object("""
            "scope":{"type":"string","description":"Group of keys"},
            "key":{"type":"string","description":"Name of the value within its scope"},
            "if_version":{"type":"integer","description":"Only if the key is at this version; 0: only if it is not there"}""",
            "\"scope\",\"key\"");

    static final RawJson VERSIONED = object("""
            "exists":{"type":"boolean"},
            "value":{"description":"What is there; null when nothing is"},
            "version":{"type":"integer","description":"Of the key; grows with each change, its removal too"},
            "revision":{"type":"integer","description":"Of the scope; grows with each change in it"},
            "updated_at":{"type":["integer","null"],"description":"Last change, in milliseconds since the epoch"}""",
            "\"exists\",\"value\",\"version\",\"revision\"");

    static final RawJson CHANGED = object("""
            "old_value":{"description":"What was there; null when nothing was"},
            "new_value":{"description":"What is there now"}""", "\"old_value\",\"new_value\"");

    static final RawJson UPDATE_REQUEST = object("""
            "scope":{"type":"string","description":"Group of keys"},
            "key":{"type":"string","description":"Name of the value within its scope"},
            "ops":{"type":"array","description":"Applied in order; one that fails is left out and reported",
            "items":{"type":"object","properties":{"type":{"type":"string",
            "enum":["set","merge","increment","decrement","append","remove"]},
            "path":{"description":"Name of a member; for merge and append also an array of names; empty: the value itself"},
            "value":{},"by":{"type":"number"}},"required":["type"]}},
            "if_version":{"type":"integer","description":"Only if the key is at this version; 0: only if it is not there"},
            "create":{"type":"string","enum":["never"],"description":"never: refuse when the key is not there"},
            "all_or_nothing":{"type":"boolean","description":"Change nothing when an operation fails"}""",
            "\"scope\",\"key\",\"ops\"");

    static final RawJson UPDATED = object("""
            "old_value":{"description":"What was there; null when nothing was"},
            "new_value":{"description":"What is there now"},
            "errors":{"type":"array","items":{"type":"object","properties":{"op_index":{"type":"integer"},
            "code":{"type":"string"},"message":{"type":"string"}},
            "required":["op_index","code","message"]}}""", "\"old_value\",\"new_value\"");

    static final RawJson SCOPE = object("""
            "scope":{"type":"string","description":"Group of keys"}""", "\"scope\"");

    static final RawJson LIST_REQUEST = object("""
            "scope":{"type":"string","description":"Group of keys"},
            "include_keys":{"type":"boolean","description":"Rows of key, value and version instead of values"},
            "prefix":{"type":"string","description":"Only keys that begin so"},
            "after":{"type":"string","description":"Only what follows this key"},
            "limit":{"type":"integer","description":"At most so many"}""", "\"scope\"");

    static final RawJson KEYS = object("""
            "keys":{"type":"array","items":{"type":"string"}}""", "\"keys\"");

    static final RawJson CAS_REQUEST = object("""
            "scope":{"type":"string","description":"Group of keys"},
            "key":{"type":"string","description":"Name of the value within its scope"},
            "expected":{"description":"What must be there; absent or null: nothing, or null"},
            "value":{"description":"What is stored if it is"}""", "\"scope\",\"key\",\"value\"");

    static final RawJson SWAPPED = object("""
            "swapped":{"type":"boolean"},
            "current":{"description":"What is there instead, if nothing was swapped"}""", "\"swapped\"");

    static final RawJson BARRIER_REQUEST = object("""
            "event":{"description":"What arrives"},
            "condition_config":{"type":"object","properties":{"id":{"type":"string"},
            "expect":{"description":"A count, or an array of names"},
            "key_from":{"type":"string","description":"JSON pointer to the arrival's name in the event; default /key"},
            "carry":{"type":"string","description":"JSON pointer to what is kept of the event; default all of it"}},
            "required":["id","expect"]}""", "\"event\",\"condition_config\"");

    static final RawJson BARRIER = object("""
            "decision":{"type":"string","enum":["skip","allow"]},
            "payload":{"type":"object","properties":{"results":{"type":"object"}}},
            "reason":{"type":"string"}""", "\"decision\"");

    static final RawJson GROUPS_REQUEST = object("""
            "prefix":{"type":"string","description":"Only scopes that begin so"},
            "include_forks":{"type":"boolean","default":false}""", "");

    static final RawJson GROUPS = object("""
            "groups":{"type":"array","items":{"type":"string"}}""", "\"groups\"");

    static final RawJson CLAIM_REQUEST = object("""
            "functions_prefix":{"type":"string","description":"Name of the claiming workers"},
            "scopes":{"type":"array","items":{"type":"string"}}""", "\"functions_prefix\",\"scopes\"");

    private StateSchemas() {}

    static RawJson object(String properties, String required) {
        return RawJson.of("{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"object\",\"properties\":{"
                + properties.replace("\n", "") + "},\"required\":[" + required + "]}");
    }
}
