package io.iiikafka.topology.keeper.state;

import io.iiikafka.topology.catalog.CatalogEntry;

/**
 * A trigger of type {@code state} whose config was understood.
 *
 * @param offset where its registration stands in the catalog
 */
record StateTrigger(CatalogEntry.Trigger entry, StateTriggerConfig config, long offset) {}
