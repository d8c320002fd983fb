package io.iiikafka.topology.catalog;

/** A function's identity: its id is unique within its namespace (spec: protocol.md section 12). */
public record FunctionKey(String namespace, String id) {}
