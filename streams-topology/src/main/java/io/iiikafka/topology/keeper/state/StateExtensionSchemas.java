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
            "op":{"type":"string","enum":["set","update","delete"]},"key":{"type":"string"},"value":{},
            "ops":{"type":"array"}},"required":["op","key"]}},
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

    private StateExtensionSchemas() {}
}
