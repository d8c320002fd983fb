package io.iiikafka.topology.catalog;

/** A trigger type's identity: its id is unique within its namespace. */
public record TypeKey(String namespace, String id) {}
