package io.iiikafka.topology.catalog;

/**
 * Told of every change after it is visible in the {@link Catalog}, on the one thread that applies changes. An exception
 * is logged as a fault of ours and ends this listener's part in this change only.
 */
@FunctionalInterface
public interface CatalogListener {

    void changed(CatalogChange change);
}
