package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.RawJson;

/** What discovery says of the functions of state.md section 12. */
final class StateExtensionSchemas {

    static final RawJson LEASE_REQUEST = StateSchemas.object("""
            "scope":{"type":"string","description":"Group of keys"},
            "key":{"type":"string","description":"What is leased"},
            "owner":{"type":"string","description":"Who wants it"},
            "ttl_ms":{"type":"integer","description":"For how long; needed to acquire and to renew"},
            "action":{"type":"string","enum":["acquire","renew","release"]},
            "fence":{"type":"integer","description":"Renew or release only what was got with this fence"}""",
            "\"scope\",\"key\",\"owner\",\"action\"");

    static final RawJson LEASE = StateSchemas.object("""
            "held":{"type":"boolean","description":"Whether the given owner has it"},
            "owner":{"type":["string","null"]},
            "fence":{"type":"integer","description":"One more with each new owner"},
            "expires_at":{"type":"integer","description":"Milliseconds since the epoch"}""",
            "\"held\",\"owner\",\"fence\",\"expires_at\"");

    static final RawJson READ_REQUEST = StateSchemas.object("""
            "scope":{"type":"string","description":"Scope of the keys that name none"},
            "keys":{"type":"array","description":"Names, or objects of scope and key; absent: the whole scope",
            "items":{"type":["string","object"]}}""", "");

    static final RawJson READ = StateSchemas.object("""
            "revisions":{"type":"object","description":"Revision of each scope"},
            "entries":{"type":"array","items":{"type":"object","properties":{"scope":{"type":"string"},
            "key":{"type":"string"},"exists":{"type":"boolean"},"value":{},"version":{"type":"integer"}}}}""",
            "\"revisions\",\"entries\"");

    static final RawJson TRANSACT_REQUEST = StateSchemas.object("""
            "scope":{"type":"string","description":"The one scope that all of it is in"},
            "checks":{"type":"array","description":"All must hold","items":{"type":"object","properties":{
            "key":{"type":"string"},"version":{"type":"integer"},"exists":{"type":"boolean"},"equals":{}},
            "required":["key"]}},
            "writes":{"type":"array","description":"Done in order","items":{"type":"object","properties":{
            "op":{"type":"string","enum":["set","update","delete","enqueue","publish"]},"key":{"type":"string"},"value":{},
            "ops":{"type":"array"},"queue":{"type":"string"},"function_id":{"type":"string"},"topic":{"type":"string"},
            "data":{},"options":{"type":"object"}},"required":["op"]}},
            "reads":{"type":"array","description":"Keys read after the writes","items":{"type":"string"}},
            "all_or_nothing":{"type":"boolean","description":"Change nothing when an update operation fails"},
            "idempotency_key":{"type":"string","description":"A repeat within 24 hours gets the first reply"}""",
            "\"scope\"");

    static final RawJson TRANSACT = StateSchemas.object("""
            "committed":{"type":"boolean"},
            "failed":{"type":"array","description":"Checks that did not hold"},
            "revision":{"type":"integer","description":"Of the scope after it"},
            "tx_id":{"type":"string"},
            "results":{"type":"array","description":"Of the writes"},
            "reads":{"type":"array"}""", "\"committed\"");

    static final RawJson HISTORY_REQUEST = StateSchemas.object("""
            "scope":{"type":"string"},"key":{"type":"string","description":"Absent: all of the scope"},
            "from_revision":{"type":"integer"},"to_revision":{"type":"integer"},
            "limit":{"type":"integer","minimum":1,"maximum":1000,"default":100},
            "order":{"type":"string","enum":["desc","asc"],"default":"desc"},
            "values":{"type":"boolean","default":true,"description":"Whether values are given, too"},
            "cursor":{"type":"string","description":"next_cursor of the page before"}""", "\"scope\"");

    static final RawJson HISTORY = StateSchemas.object("""
            "entries":{"type":"array","items":{"type":"object"}},
            "next_cursor":{"type":["string","null"]},
            "earliest_revision":{"type":"integer","description":"From which on all changes are kept"}""",
            "\"entries\",\"next_cursor\",\"earliest_revision\"");

    static final RawJson GET_AT_REQUEST = StateSchemas.object("""
            "scope":{"type":"string"},"key":{"type":"string"},
            "revision":{"type":"integer","description":"Of the scope"},
            "version":{"type":"integer","description":"Of the key"},
            "timestamp":{"type":"integer","description":"Milliseconds since the epoch"}""", "\"scope\",\"key\"");

    static final RawJson RESTORE_REQUEST = StateSchemas.object("""
            "scope":{"type":"string"},"key":{"type":"string","description":"Absent: the whole scope"},
            "revision":{"type":"integer"}""", "\"scope\",\"revision\"");

    static final RawJson FORK_REQUEST = StateSchemas.object("""
            "scope":{"type":"string"},
            "name":{"type":"string","pattern":"^[A-Za-z0-9._-]{1,64}$","description":"Absent: a random one"},
            "at_revision":{"type":"integer","description":"Absent: now"},
            "ttl_ms":{"type":"integer","description":"Dropped when it is not used for so long"},
            "metadata":{}""", "\"scope\"");

    static final RawJson FORK = StateSchemas.object("""
            "scope":{"type":"string","description":"By which all functions reach the fork"},
            "parent":{"type":"string"},"base_revision":{"type":"integer"},"created_at":{"type":"integer"}""",
            "\"scope\",\"parent\",\"base_revision\",\"created_at\"");

    static final RawJson LIST_FORKS_REQUEST = StateSchemas.object("""
            "scope":{"type":"string"},"recursive":{"type":"boolean","default":false}""", "\"scope\"");

    static final RawJson LIST_FORKS = StateSchemas.object("""
            "forks":{"type":"array","items":{"type":"object"}}""", "\"forks\"");

    static final RawJson DIFF_REQUEST = StateSchemas.object("""
            "scope":{"type":"string","description":"A fork"},
            "against":{"type":"string","enum":["base","parent"],"default":"base"}""", "\"scope\"");

    static final RawJson DIFF = StateSchemas.object("""
            "changes":{"type":"array","items":{"type":"object","properties":{"key":{"type":"string"},
            "kind":{"type":"string","enum":["added","changed","removed"]},"from":{},"to":{}}}},
            "conflicts":{"type":"array","items":{"type":"string"}}""", "\"changes\",\"conflicts\"");

    static final RawJson MERGE_REQUEST = StateSchemas.object("""
            "scope":{"type":"string","description":"A fork"},
            "strategy":{"type":"string","enum":["fail","fork_wins","parent_wins"],"default":"fail"},
            "keys":{"type":"array","items":{"type":"string"},"description":"Only these"},
            "drop":{"type":"boolean","default":true}""", "\"scope\"");

    static final RawJson MERGE = StateSchemas.object("""
            "merged":{"type":"boolean"},"revision":{"type":"integer","description":"Of the parent"},
            "applied":{"type":"array","items":{"type":"string"}},
            "conflicts":{"type":"array","items":{"type":"string"}}""", "\"merged\",\"applied\",\"conflicts\"");

    static final RawJson DROPPED = StateSchemas.object("""
            "dropped":{"type":"boolean"}""", "\"dropped\"");

    private StateExtensionSchemas() {}
}
