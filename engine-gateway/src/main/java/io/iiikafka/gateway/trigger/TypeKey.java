package io.iiikafka.gateway.trigger;

/** A trigger type's identity: its id is unique within its namespace. */
record TypeKey(String namespace, String id) {}
