package io.iiikafka.topology.keeper.job;

import java.util.Map;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;

/**
 * A store whose user keeps changes in memory, and makes them when Kafka Streams is about to commit: what came and went
 * between two commits is never written. If the commit does not come about, nor do the changes, and the commands that made
 * them are run again.
 *
 * <p>Streams offers no such hook to those who only use its public interfaces. {@link CachedStateStore} is what its own
 * caches are told by; they would write at least a tombstone for each key.
 */
public final class LateStore implements StateStore, CachedStateStore<String, byte[]> {

    private final KeyValueStore<String, byte[]> stored;
    private Runnable beforeCommit = () -> {};

    private LateStore(KeyValueStore<String, byte[]> stored) {
        this.stored = stored;
    }

    /** The changes that were made. */
    public KeyValueStore<String, byte[]> stored() {
        return stored;
    }

    /** @param changes makes those that were kept back */
    void beforeCommit(Runnable changes) {
        this.beforeCommit = changes;
    }

    @Override
    public void flushCache() {
        beforeCommit.run();
    }

    @Override
    public void clearCache() {
        beforeCommit = () -> {}; // its user is gone, and what it kept with it
    }

    @Override
    public boolean setFlushListener(CacheFlushListener<String, byte[]> listener, boolean sendOldValues) {
        return false;
    }

    @Override
    public String name() {
        return stored.name();
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        stored.init(context, root);
    }

    @Override
    public void commit(Map<TopicPartition, Long> changelogOffsets) {
        stored.commit(changelogOffsets);
    }

    @Override
    public Long committedOffset(TopicPartition partition) {
        return stored.committedOffset(partition);
    }

    @Override
    @Deprecated
    @SuppressWarnings("deprecation") // Streams still asks
    public boolean managesOffsets() {
        return stored.managesOffsets();
    }

    @Override
    public void close() {
        stored.close();
    }

    @Override
    public boolean persistent() {
        return stored.persistent();
    }

    @Override
    public boolean isOpen() {
        return stored.isOpen();
    }

    /** Builds one around what the other builds, which logs its changes. */
    record Builder(StoreBuilder<KeyValueStore<String, byte[]>> stored) implements StoreBuilder<LateStore> {

        @Override
        public LateStore build() {
            return new LateStore(stored.build());
        }

        @Override
        public StoreBuilder<LateStore> withCachingEnabled() {
            throw new IllegalStateException("the store has a cache of its own kind");
        }

        @Override
        public StoreBuilder<LateStore> withCachingDisabled() {
            return this;
        }

        @Override
        public StoreBuilder<LateStore> withLoggingEnabled(Map<String, String> config) {
            return new Builder(stored.withLoggingEnabled(config));
        }

        @Override
        public StoreBuilder<LateStore> withLoggingDisabled() {
            return new Builder(stored.withLoggingDisabled());
        }

        @Override
        public Map<String, String> logConfig() {
            return stored.logConfig();
        }

        @Override
        public boolean loggingEnabled() {
            return stored.loggingEnabled();
        }

        @Override
        public String name() {
            return stored.name();
        }
    }
}
