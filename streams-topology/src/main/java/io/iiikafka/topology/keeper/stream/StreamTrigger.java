package io.iiikafka.topology.keeper.stream;

import io.iiikafka.topology.catalog.CatalogEntry;

/**
 * A trigger of type {@code stream} whose config was understood.
 *
 * @param offset where its registration stands in the catalog
 */
record StreamTrigger(CatalogEntry.Trigger entry, StreamTriggerConfig config, long offset) {}
