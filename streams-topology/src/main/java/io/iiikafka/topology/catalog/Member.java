package io.iiikafka.topology.catalog;

/**
 * One live connection that serves a function.
 *
 * @param function the function as this connection registered it
 * @param worker the connection
 * @param gateway the gateway that holds its socket
 * @param offset where the registration stands in the catalog
 */
public record Member(
        CatalogEntry.Function function, CatalogEntry.Worker worker, CatalogEntry.Gateway gateway, long offset) {}
