package io.iiikafka.topology.keeper;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Kafka which transactions keep readers from going on. Usually they end soon, at the latest by their time-out. One that
 * Kafka's transaction coordinator does not have for that partition any more stays for good, and somebody has to end it.
 */
final class OpenTransactions {

    private static final Logger LOG = LoggerFactory.getLogger(OpenTransactions.class);
    private static final long PATIENCE_S = 10;
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Map<String, Object> clientProperties;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile Map<TopicPartition, String> known = Map.of();
    private volatile long askAgainNanos = System.nanoTime();

    OpenTransactions(Map<String, Object> clientProperties) {
        this.clientProperties = clientProperties;
    }

    /** As far as Kafka has said: what holds up readers of these partitions. Asks it, if need be, but does not wait for that. */
    Map<TopicPartition, String> holding(Set<TopicPartition> partitions) {
        if (System.nanoTime() - askAgainNanos > 0 && asking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("iii-transactions").start(() -> ask(partitions));
        }
        Map<TopicPartition, String> holders = new HashMap<>(known);
        holders.keySet().retainAll(partitions);
        return holders;
    }

    private void ask(Set<TopicPartition> partitions) {
        Map<TopicPartition, String> found = Map.of();
        Admin admin = null;
        try {
            admin = Admin.create(clientProperties);
            found = new Question(admin).ask(partitions);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            LOG.atDebug().addKeyValue("cause", e.toString()).log("Kafka does not say which transactions are open");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (admin != null) {
                admin.close(Duration.ZERO);
            }
            known = found;
            askAgainNanos = System.nanoTime() + AGAIN_NANOS;
            asking.set(false);
        }
    }

    private record Question(Admin admin) {

        Map<TopicPartition, String> ask(Set<TopicPartition> partitions)
                throws ExecutionException, TimeoutException, InterruptedException {
            Map<TopicPartition, ProducerState> first = new HashMap<>();
            admin.describeProducers(partitions)
                    .all()
                    .get(PATIENCE_S, TimeUnit.SECONDS)
                    .forEach((partition, state) -> firstOf(state).ifPresent(producer -> first.put(partition, producer)));
            Map<Long, String> ids = ids(first.values().stream().map(ProducerState::producerId).collect(toSet()));
            Map<TopicPartition, String> holders = new HashMap<>();
            for (Map.Entry<TopicPartition, ProducerState> each : first.entrySet()) {
                @Nullable String id = ids.get(each.getValue().producerId());
                String text = text(each.getKey(), each.getValue(), id);
                if (text != null) {
                    holders.put(each.getKey(), text);
                }
            }
            return holders;
        }

        private boolean isStillOpen(TopicPartition partition, ProducerState producer)
                throws ExecutionException, TimeoutException, InterruptedException {
            PartitionProducerState now = admin.describeProducers(Set.of(partition))
                    .partitionResult(partition)
                    .get(PATIENCE_S, TimeUnit.SECONDS);
            return firstOf(now).filter(first -> start(first) == start(producer)).isPresent();
        }

        private static Optional<ProducerState> firstOf(PartitionProducerState partition) {
            return partition.activeProducers().stream()
                    .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                    .min(Comparator.comparingLong(Question::start));
        }

        private static long start(ProducerState producer) {
            return producer.currentTransactionStartOffset().orElseThrow();
        }

        /** Transactional ids by producer, of those that may be seen. */
        private Map<Long, String> ids(Set<Long> producers)
                throws ExecutionException, TimeoutException, InterruptedException {
            if (producers.isEmpty()) {
                return Map.of();
            }
            return admin.listTransactions(new ListTransactionsOptions().filterProducerIds(producers))
                    .all()
                    .get(PATIENCE_S, TimeUnit.SECONDS)
                    .stream()
                    .collect(toMap(TransactionListing::producerId, TransactionListing::transactionalId, (one, same) -> one));
        }

        /** Null when it has ended meanwhile. */
        private @Nullable String text(TopicPartition partition, ProducerState producer, @Nullable String id)
                throws ExecutionException, TimeoutException, InterruptedException {
            String open = "a transaction begun at offset " + start(producer) + " is open, last written to at "
                    + Instant.ofEpochMilli(producer.lastTimestamp()).truncatedTo(ChronoUnit.SECONDS);
            if (id == null) {
                return open + ", whose transactional id Kafka does not list, or not for this user; if it stays, see"
                        + " kafka-transactions.sh find-hanging";
            }
            TransactionDescription now = admin.describeTransactions(Set.of(id))
                    .description(id)
                    .get(PATIENCE_S, TimeUnit.SECONDS);
            if (now.topicPartitions().contains(partition)) {
                return open + ", of transactional id " + id + " (" + now.state() + ")";
            }
            if (!isStillOpen(partition, producer)) {
                return null;
            }
            return open + ", of transactional id " + id + ", which is done with it: it hangs until somebody runs"
                    + " kafka-transactions.sh abort --topic " + partition.topic() + " --partition " + partition.partition()
                    + " --start-offset " + start(producer);
        }
    }
}
