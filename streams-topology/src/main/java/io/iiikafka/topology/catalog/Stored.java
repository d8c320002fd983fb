package io.iiikafka.topology.catalog;

/** An entry and where its newest record stands in the topic. */
public record Stored<E extends CatalogEntry>(E entry, long offset) {}
