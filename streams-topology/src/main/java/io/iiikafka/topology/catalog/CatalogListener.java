package io.iiikafka.topology.catalog;

/** Told of every change after it is visible in the {@link Catalog}, on the one thread that applies changes. */
@FunctionalInterface
public interface CatalogListener {

    void changed(CatalogChange change);
}
