package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.RawJson;

/** What discovery says of inputs and results (spec: stream.md 2.7). */
final class StreamSchemas {

    private static final String NAMES = """
            "stream_name":{"type":"string","description":"Name of the stream"},
            "group_id":{"type":"string","description":"Group within the stream"}""";
    private static final String ITEM_NAMES = NAMES + """
            ,"item_id":{"type":"string","description":"Item within the group"}""";
    private static final String CHANGE = """
            "old_value":{"description":"What was there; null when nothing was"},
            "new_value":{"description":"What is there now"}""";

    static final RawJson NOTHING = object("", "");
    static final RawJson STREAM = object("""
            "stream_name":{"type":"string","description":"Name of the stream"}""", "\"stream_name\"");
    static final RawJson GROUP = object(NAMES, "\"stream_name\",\"group_id\"");
    static final RawJson ITEM = object(ITEM_NAMES, "\"stream_name\",\"group_id\",\"item_id\"");

    private static final String WRITING = """
            ,"if_version":{"type":"integer","description":"Only if the item is at this version; 0: does not exist"},
            "include_offset":{"type":"boolean","description":"Also answer offset and timestamp of the event"},
            "idempotency_key":{"type":"string","description":"A repeat within 24 hours gets the first reply"}""";

    static final RawJson LIST_REQUEST = object(NAMES + """
            ,"include_ids":{"type":"boolean","description":"Answer id, value, version and offset of each"},
            "prefix":{"type":"string"},"limit":{"type":"integer"},
            "after":{"type":"string","description":"Item id; those behind it in list order"}""",
            "\"stream_name\",\"group_id\"");

    static final RawJson SET_REQUEST = object(ITEM_NAMES + WRITING + """
            ,"data":{"description":"Any JSON; null is stored as such"},
            "ttl_ms":{"type":"integer","description":"Removed after that time, unless written again"}""",
            "\"stream_name\",\"group_id\",\"item_id\",\"data\"");
    static final RawJson CHANGED = object(CHANGE, "\"old_value\",\"new_value\"");
    static final RawJson DELETED = object("""
            "old_value":{"description":"What was there; null when nothing was"}""", "\"old_value\"");

    static final RawJson UPDATE_REQUEST = object(ITEM_NAMES + """
            ,"ops":{"type":"array","description":"Applied in order; one that fails is left out and reported",
            "items":{"type":"object","properties":{"type":{"type":"string",
            "enum":["set","merge","increment","decrement","append","remove"]},
            "path":{"description":"Name of a member; for merge and append also an array of names; empty: the value itself"},
            "value":{},"by":{"type":"number"}},"required":["type"]}}""",
            "\"stream_name\",\"group_id\",\"item_id\",\"ops\"");
    static final RawJson UPDATED = object(CHANGE + """
            ,"errors":{"type":"array","items":{"type":"object","properties":{"op_index":{"type":"integer"},
            "code":{"type":"string"},"message":{"type":"string"}},
            "required":["op_index","code","message"]}}""", "\"old_value\",\"new_value\"");

    static final RawJson SEND_REQUEST = object(NAMES + """
            ,"id":{"type":["string","null"],"description":"Item that it is about; none: only the group's subscribers"},
            "type":{"type":"string","description":"Free choice of the application"},
            "data":{"description":"Any JSON"},
            "durable":{"type":"boolean","description":"Whether it is kept in the log; default true"}""",
            "\"stream_name\",\"group_id\",\"type\",\"data\"");

    static final RawJson ALL = object("""
            "stream":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},
            "groups":{"type":"array","items":{"type":"string"}}},"required":["id","groups"]}},
            "count":{"type":"integer"}""", "\"stream\",\"count\"");

    private static final String START = "\"description\":\"\\\"latest\\\", \\\"earliest\\\", {\\\"offset\\\":n}, "
            + "{\\\"timestamp\\\":ms} or {\\\"last\\\":n}\"";
    private static final String BOUNDS = """
            "earliest_offset":{"type":"integer"},"latest_offset":{"type":"integer"}""";

    static final RawJson READ_REQUEST = object(NAMES + """
            ,"item_id":{"type":["string","null"],"description":"Only events of this item"},
            "types":{"type":"array","items":{"type":"string","enum":["create","update","delete","event"]}},
            "from":{%s},"to":{"type":"object","description":"Last offset or timestamp"},
            "limit":{"type":"integer","minimum":1,"maximum":1000,"default":100},
            "max_bytes":{"type":"integer","minimum":1024,"maximum":8000000,"default":1000000},
            "wait_ms":{"type":"integer","minimum":0,"maximum":30000,"default":0},
            "order":{"type":"string","enum":["asc","desc"],"default":"asc"},
            "on_gap":{"type":"string","enum":["error","earliest"],"default":"error"}""".formatted(START),
            "\"stream_name\",\"group_id\"");
    static final RawJson READ = object("""
            "events":{"type":"array","items":{"type":"object"}},"next_offset":{"type":"integer"},
            """ + BOUNDS + ",\"end\":{\"type\":\"boolean\"}", "\"events\",\"next_offset\",\"end\"");

    static final RawJson OFFSETS_REQUEST = object(NAMES + """
            ,"timestamp":{"type":"integer","description":"Which offset was the first then or later"}""",
            "\"stream_name\",\"group_id\"");
    static final RawJson OFFSETS = object(BOUNDS + """
            ,"earliest_timestamp":{"type":["integer","null"]},"latest_timestamp":{"type":["integer","null"]},
            "offset_at":{"type":"integer"}""", "\"earliest_offset\",\"latest_offset\"");

    static final RawJson GET_AT_REQUEST = object(NAMES + """
            ,"item_id":{"type":["string","null"],"description":"Only this item; none: all of the group"},
            "offset":{"type":"integer","description":"Right after this event"},
            "timestamp":{"type":"integer","description":"At this time"}""",
            "\"stream_name\",\"group_id\"");

    static final RawJson TRANSACT_REQUEST = object(NAMES + """
            ,"checks":{"type":"array","description":"All must hold","items":{"type":"object","properties":{
            "item_id":{"type":"string"},"version":{"type":"integer"},"exists":{"type":"boolean"},"equals":{}},
            "required":["item_id"]}},
            "writes":{"type":"array","description":"Done in order","items":{"type":"object","properties":{
            "op":{"type":"string","enum":["set","update","delete"]},"item_id":{"type":"string"},"data":{},
            "ops":{"type":"array"}},"required":["op","item_id"]}},
            "reads":{"type":"array","description":"Items read after the writes","items":{"type":"string"}},
            "all_or_nothing":{"type":"boolean","description":"Change nothing when an update operation fails"},
            "idempotency_key":{"type":"string","description":"A repeat within 24 hours gets the first reply"}""",
            "\"stream_name\",\"group_id\"");
    static final RawJson TRANSACT = object("""
            "committed":{"type":"boolean"},"failed":{"type":"array","description":"Checks that did not hold"},
            "offset":{"type":"integer","description":"Of the last event of the group"},"tx_id":{"type":"string"},
            "results":{"type":"array","description":"Of the writes"},"reads":{"type":"array"}""", "\"committed\"");

    static final RawJson PRESENCE = object("""
            "subscriptions":{"type":"integer","description":"Of stream sockets, on all gateways"},
            "contexts":{"type":"array","description":"What the auth function gave of each"}""", "\"subscriptions\"");

    static final RawJson CONSUMER_GROUP = object("""
            "stream_name":{"type":"string","description":"Name of the stream"},
            "consumer_group":{"type":"string","description":"Name of the consumer group"},
            "group_id":{"type":["string","null"],"description":"Only this group of the stream"}""",
            "\"stream_name\",\"consumer_group\"");

    private StreamSchemas() {}

    private static RawJson object(String properties, String required) {
        return RawJson.of("{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"object\",\"properties\":{"
                + properties.replace("\n", "") + "},\"required\":[" + required + "]}");
    }
}
