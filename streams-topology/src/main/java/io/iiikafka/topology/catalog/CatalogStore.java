package io.iiikafka.topology.catalog;

import java.util.Map;

import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The catalog as a global state store: Streams feeds every record of the topic to {@link Updater} before the first call
 * is processed, and goes on doing so on its global thread.
 */
public final class CatalogStore implements StateStore {

    public static final String NAME = "catalog";

    private final Catalog catalog;
    private volatile boolean open;

    private CatalogStore(Catalog catalog) {
        this.catalog = catalog;
    }

    /** What the topic says, as far as it has been read. */
    public Catalog catalog() {
        return catalog;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        // Restoring goes through the updater, record by record, because the catalog needs their offsets.
        context.register(root, (key, value) -> {});
        open = true;
    }

    @Override
    public void close() {
        open = false;
    }

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /** Adds the store, filled from the catalog topic, to a topology; every processor sees it by its {@link #NAME}. */
    public static Topology addTo(Topology topology, String catalogTopic, Catalog catalog) {
        return topology.addGlobalStore(
                new Builder(catalog),
                "catalog-topic",
                new StringDeserializer(),
                new ByteArrayDeserializer(),
                catalogTopic,
                "catalog-updater",
                Updater::new);
    }

    /** Applies the topic's records to the store. */
    private static final class Updater implements Processor<String, byte[], Void, Void> {

        @SuppressWarnings("NullAway.Init")
        private ProcessorContext<Void, Void> context;

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            this.context = context;
        }

        @Override
        public void process(Record<String, byte[]> record) {
            CatalogStore store = context.getStateStore(NAME);
            long offset = context.recordMetadata().orElseThrow().offset();
            store.catalog.apply(record.key(), record.value(), offset);
        }
    }

    /** What Streams asks of a store before it builds it; there is no changelog, the topic itself is one. */
    private static final class Builder implements StoreBuilder<CatalogStore> {

        private final Catalog catalog;

        Builder(Catalog catalog) {
            this.catalog = catalog;
        }

        @Override
        public CatalogStore build() {
            return new CatalogStore(catalog);
        }

        @Override
        public StoreBuilder<CatalogStore> withCachingEnabled() {
            throw new IllegalStateException("the catalog is held in memory as it is");
        }

        @Override
        public StoreBuilder<CatalogStore> withCachingDisabled() {
            return this;
        }

        @Override
        public StoreBuilder<CatalogStore> withLoggingEnabled(Map<String, String> config) {
            throw new IllegalStateException("the catalog topic is its own log");
        }

        @Override
        public StoreBuilder<CatalogStore> withLoggingDisabled() {
            return this;
        }

        @Override
        public Map<String, String> logConfig() {
            return Map.of();
        }

        @Override
        public boolean loggingEnabled() {
            return false;
        }

        @Override
        public String name() {
            return NAME;
        }
    }
}
