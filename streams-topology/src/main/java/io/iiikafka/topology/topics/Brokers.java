package io.iiikafka.topology.topics;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** What is asked of a cluster's brokers by those who prepare topics. Blocks. */
public final class Brokers {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private Brokers() {}

    /**
     * How many there are, also those that are down or still starting: a topic that is made meanwhile would have too few copies
     * for ever. Brokers before 4.0 do not tell of those.
     *
     * @throws KafkaException when nobody says it within 15 s
     */
    public static int count(Admin admin) {
        try {
            return await(admin.describeCluster(new DescribeClusterOptions().includeFencedBrokers(true)).nodes()).size();
        } catch (UnsupportedVersionException e) {
            return await(admin.describeCluster().nodes()).size();
        }
    }

    /**
     * Waits for the answer to a question.
     *
     * @throws KafkaException what it failed with, or that there is none within 15 s
     */
    public static <T> T await(KafkaFuture<T> answer) {
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("no answer within " + PATIENCE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
        }
    }
}
