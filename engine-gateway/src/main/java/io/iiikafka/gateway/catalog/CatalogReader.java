package io.iiikafka.gateway.catalog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;

import io.iiikafka.topology.catalog.Catalog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the catalog topic into a {@link Catalog} on a thread of its own, from the beginning and for as long as the
 * gateway lives.
 */
public final class CatalogReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CatalogReader.class);
    /** The catalog comes as soon as it changes; waiting long for that costs nothing but the end of the reader. */
    private static final Duration POLL = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(500);

    private record Waiter(long position, Promise<Void> reached) {}

    private final Catalog catalog;
    private final TopicPartition partition;
    private final Consumer<String, byte[]> consumer;
    private final Thread thread;
    private final PriorityQueue<Waiter> waiters =
            new PriorityQueue<>((one, other) -> Long.compare(one.position(), other.position()));
    private final Admin admin;
    private @Nullable Promise<Void> nextRefresh;
    private boolean asking;
    private volatile boolean closed;

    public CatalogReader(Catalog catalog, String topic, Map<String, Object> clientProperties) {
        this.catalog = catalog;
        this.partition = new TopicPartition(topic, 0);
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) POLL.toMillis());
        this.consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        this.admin = Admin.create(clientProperties);
        this.thread = Thread.ofPlatform().name("iii-catalog").unstarted(this::run);
    }

    /** Starts reading; the future completes when everything that was there has been applied. */
    public Future<Void> start() {
        Future<Void> caughtUp = refresh();
        thread.start();
        return caughtUp;
    }

    /**
     * Completes when all that is in the topic now has been applied. Calls that come while one is under way share the next.
     * Any thread.
     */
    public synchronized Future<Void> refresh() {
        if (nextRefresh == null) {
            nextRefresh = Promise.promise();
        }
        Future<Void> refreshed = nextRefresh.future();
        if (!asking) {
            askForEnd();
        }
        return refreshed;
    }

    /** By a connection of its own: on the consumer's the question would wait behind a fetch that waits for records. */
    private synchronized void askForEnd() {
        Promise<Void> refresh = nextRefresh;
        nextRefresh = null;
        asking = refresh != null;
        if (refresh == null) {
            return;
        }
        admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .whenComplete((end, failure) -> {
                    if (failure == null) {
                        reached(end.offset()).onComplete(refresh);
                    } else {
                        refresh.fail(failure);
                    }
                    askForEnd();
                });
    }

    /** Completes when the topic has been applied up to {@code position}; on any thread. */
    Future<Void> reached(long position) {
        Promise<Void> reached = Promise.promise();
        synchronized (waiters) {
            waiters.add(new Waiter(position, reached));
        }
        if (catalog.settledPosition() >= position) {
            release();
        }
        return reached.future();
    }

    private void run() {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        while (!closed) {
            try {
                step();
            } catch (WakeupException e) {
                // the end has come: the loop sees it
            } catch (KafkaException e) {
                LOG.atWarn().addKeyValue("cause", e.getMessage()).log("The catalog cannot be read at the moment");
                LockSupport.parkNanos(PAUSE.toNanos());
            } catch (RuntimeException e) {
                LOG.error("A catalog listener failed", e);
            }
        }
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }

    private void step() {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
            if (record.key() != null) {
                catalog.apply(record.key(), record.value(), record.offset());
            }
        }
        catalog.skipTo(consumer.position(partition));
        release();
    }

    private void release() {
        long position = catalog.settledPosition();
        List<Promise<Void>> released = new ArrayList<>();
        synchronized (waiters) {
            for (Waiter first = waiters.peek(); first != null && first.position() <= position; first = waiters.peek()) {
                released.add(first.reached());
                waiters.remove();
            }
        }
        released.forEach(Promise::tryComplete);
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        admin.close(Duration.ZERO);
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
