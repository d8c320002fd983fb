package io.iiikafka.topology.keeper;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Kafka which transactions keep readers from going on. Usually they end soon, at the latest by their time-out. One that
 * Kafka's transaction coordinator knows nothing of any more stays for good, and somebody has to end it.
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
        try (Admin admin = Admin.create(clientProperties)) {
            known = ask(partitions, admin);
        } catch (ExecutionException | KafkaException e) {
            LOG.atWarn().addKeyValue("cause", e.getMessage()).log("Kafka does not say which transactions are open");
        } catch (Exception e) {
            LOG.error("Open transactions could not be looked for", e);
        } finally {
            askAgainNanos = System.nanoTime() + AGAIN_NANOS;
            asking.set(false);
        }
    }

    private static Map<TopicPartition, String> ask(Set<TopicPartition> partitions, Admin admin) throws Exception {
        Map<TopicPartition, ProducerState> first = new HashMap<>();
        for (Map.Entry<TopicPartition, PartitionProducerState> each :
                admin.describeProducers(partitions).all().get(PATIENCE_S, TimeUnit.SECONDS).entrySet()) {
            each.getValue().activeProducers().stream()
                    .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                    .min(Comparator.comparingLong(OpenTransactions::start))
                    .ifPresent(producer -> first.put(each.getKey(), producer));
        }
        if (first.isEmpty()) {
            return Map.of();
        }
        Set<Long> producers = first.values().stream().map(ProducerState::producerId).collect(Collectors.toSet());
        Map<Long, TransactionListing> listed =
                admin.listTransactions(new ListTransactionsOptions().filterProducerIds(producers))
                        .all()
                        .get(PATIENCE_S, TimeUnit.SECONDS)
                        .stream()
                        .collect(Collectors.toMap(TransactionListing::producerId, listing -> listing, (one, other) -> one));
        Map<TopicPartition, String> holders = new HashMap<>();
        first.forEach((partition, producer) ->
                holders.put(partition, text(partition, producer, listed.get(producer.producerId()))));
        return holders;
    }

    private static long start(ProducerState producer) {
        return producer.currentTransactionStartOffset().orElseThrow();
    }

    private static String text(
            TopicPartition partition, ProducerState producer, @Nullable TransactionListing listed) {
        String since = "a transaction begun at offset " + start(producer) + " is open, last written to at "
                + Instant.ofEpochMilli(producer.lastTimestamp()).truncatedTo(ChronoUnit.SECONDS);
        if (listed != null) {
            return since + ", of transactional id " + listed.transactionalId() + " (" + listed.state() + ")";
        }
        return since + ", which Kafka lists no more: see kafka-transactions.sh find-hanging, and abort --topic "
                + partition.topic() + " --partition " + partition.partition() + " --start-offset " + start(producer);
    }
}
