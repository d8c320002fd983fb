package io.iiikafka.topology.catalog;

import org.jspecify.annotations.Nullable;

/**
 * What one catalog record changed.
 *
 * @param key the entry's key
 * @param before the entry until now, or null when it is new
 * @param after the entry from now on, or null when it was removed
 * @param offset where the record stands in the topic
 */
public record CatalogChange(
        String key, @Nullable CatalogEntry before, @Nullable CatalogEntry after, long offset) {}
