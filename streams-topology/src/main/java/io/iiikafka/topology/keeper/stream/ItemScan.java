package io.iiikafka.topology.keeper.stream;

import static java.util.Objects.requireNonNull;

import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ValueTimestampHeaders;
import org.jspecify.annotations.Nullable;

/** The items of a group by id, as they were when the scan began. */
final class ItemScan implements AutoCloseable {

    private final int prefix;
    private final KeyValueIterator<String, ValueTimestampHeaders<byte[]>> found;
    private @Nullable KeyValue<String, ValueTimestampHeaders<byte[]>> at;

    /** @param prefix length of what stands before the ids */
    ItemScan(int prefix, KeyValueIterator<String, ValueTimestampHeaders<byte[]>> found) {
        this.prefix = prefix;
        this.found = found;
    }

    /** Goes on to the next item; false: there is none. */
    boolean next() {
        at = found.hasNext() ? found.next() : null;
        return at != null;
    }

    String id() {
        return requireNonNull(at).key.substring(prefix);
    }

    StreamItem item() {
        return StreamStores.item(requireNonNull(at).value);
    }

    @Override
    public void close() {
        found.close();
    }
}
