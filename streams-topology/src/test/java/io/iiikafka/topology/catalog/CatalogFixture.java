package io.iiikafka.topology.catalog;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** A catalog and entries to fill it with; offsets count up by themselves. */
public final class CatalogFixture {

    public final Catalog catalog;
    private long offset;

    public CatalogFixture(Catalog catalog) {
        this.catalog = catalog;
    }

    public CatalogFixture() {
        this(new Catalog());
    }

    public long put(CatalogEntry entry) {
        catalog.apply(entry.key(), EntryCodec.encode(entry), offset);
        return offset++;
    }

    public void remove(String key) {
        catalog.apply(key, null, offset++);
    }

    public static CatalogEntry.Gateway gateway(String id, Integer... slots) {
        return new CatalogEntry.Gateway(id, id.hashCode(), List.of(slots), "127.0.0.1:1", "t", 1, 1, 1, 6000, false, null);
    }

    public static CatalogEntry.Worker worker(String id, String gateway, @Nullable String name) {
        return new CatalogEntry.Worker(
                id, gateway, "default", true, name, null, "node", "0.22.1", null, 7L, null, null, "127.0.0.1", 1, "d", "l");
    }

    public static CatalogEntry.Function function(String connection, String id) {
        return function(connection, "default", id);
    }

    public static CatalogEntry.Function function(String connection, String namespace, String id) {
        return new CatalogEntry.Function(connection, namespace, id, null, null, null, null);
    }
}
