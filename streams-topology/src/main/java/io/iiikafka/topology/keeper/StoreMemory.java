package io.iiikafka.topology.keeper;

import static java.util.Objects.requireNonNull;

import java.util.Map;

import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * The native memory that all stores of a process share, whatever their number: blocks that were read, indexes, filters,
 * and what was written and not yet flushed.
 */
final class StoreMemory implements AutoCloseable {

    /** The Streams property that carries this to {@link Setter}. */
    static final String PROPERTY = "iii.store.memory";

    private static final double INDEX_SHARE = 0.1;
    private static final long LARGEST_BUFFER = 16L * 1024 * 1024;
    private static final int BLOCK_BYTES = 16 * 1024;

    static {
        RocksDB.loadLibrary();
    }

    private final long buffers;
    private final Cache cache;
    private final WriteBufferManager writeBuffers;
    private final BloomFilter filter = new BloomFilter();

    StoreMemory(long bytes) {
        this.buffers = bytes / 2;
        this.cache = new LRUCache(bytes, -1, false, INDEX_SHARE);
        this.writeBuffers = new WriteBufferManager(buffers, cache);
    }

    /** Sets each store up to use the shared memory. Streams makes one of these per store. */
    public static final class Setter implements RocksDBConfigSetter {

        private @Nullable BlockBasedTableConfig table;

        @Override
        public void setConfig(String storeName, Options options, Map<String, Object> configs) {
            StoreMemory memory = (StoreMemory) requireNonNull(configs.get(PROPERTY));
            table = (BlockBasedTableConfig) options.tableFormatConfig();
            table.setBlockCache(memory.cache);
            table.setCacheIndexAndFilterBlocks(true);
            table.setCacheIndexAndFilterBlocksWithHighPriority(true);
            table.setPinTopLevelIndexAndFilter(true);
            table.setBlockSize(BLOCK_BYTES);
            table.setFilterPolicy(memory.filter);
            options.setTableFormatConfig(table);
            options.setWriteBufferManager(memory.writeBuffers);
            options.setWriteBufferSize(Math.min(LARGEST_BUFFER, memory.buffers / 4));
            options.setMaxWriteBufferNumber(3);
        }

        @Override
        public void close(String storeName, Options options) {
            // Cache, buffers and filter belong to all stores and are closed after them.
        }
    }

    @Override
    public void close() {
        writeBuffers.close();
        cache.close();
        filter.close();
    }
}
