package io.iiikafka.gateway.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collection;

import io.iiikafka.gateway.invocation.RecordWriter;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.EntryCodec;
import io.vertx.core.Future;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;


/**
 * Writes catalog entries. Every future completes when the record has been read back, so that whoever waits for it sees
 * the change, and everything before it, in this gateway's copy; it fails when Kafka did not take the record.
 */
public final class CatalogWriter {

    private final RecordWriter writer;
    private final CatalogReader reader;
    private final String topic;

    public CatalogWriter(RecordWriter writer, CatalogReader reader, String topic) {
        this.writer = writer;
        this.reader = reader;
        this.topic = topic;
    }

    public Future<Void> put(CatalogEntry entry) {
        return write(entry.key(), EntryCodec.encode(entry));
    }

    public Future<Void> remove(String key) {
        return write(key, null);
    }

    public void removeAll(Collection<String> keys) {
        keys.forEach(this::remove);
    }

    private Future<Void> write(String key, byte @Nullable [] value) {
        return writer.write(new ProducerRecord<>(topic, 0, key.getBytes(UTF_8), value))
                .compose(offset -> reader.reached(offset + 1));
    }
}
