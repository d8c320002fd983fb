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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is asked of a cluster's brokers by those who prepare topics. Blocks. */
public final class Brokers {

    private static final Logger LOG = LoggerFactory.getLogger(Brokers.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private Brokers() {}

    /**
     * How many there are for copies of a topic. Where two can take them already, those count too that are down or still
     * starting: a topic that is made meanwhile would have too few copies for ever. One that is alone counts alone in the end,
     * as others that were registered once may never come back.
     *
     * @param patience how long one that is alone waits for others that are registered
     * @throws KafkaException when nobody says it within 15 s
     */
    public static int count(Admin admin, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        int registered = registered(admin);
        int live = live(admin);
        while (live < Math.min(2, registered) && System.nanoTime() - deadline < 0) {
            pause(LOOK_EVERY);
            live = live(admin);
        }
        if (live < 2 && registered > live) {
            LOG.warn("Only {} of {} Kafka brokers is there: topics that are made now have one copy", live, registered);
        }
        return live < 2 ? live : Math.max(live, registered);
    }

    private static int live(Admin admin) {
        return await(admin.describeCluster().nodes()).size();
    }

    /** Brokers before 4.0 tell of those that are there only. */
    private static int registered(Admin admin) {
        try {
            return await(admin.describeCluster(new DescribeClusterOptions().includeFencedBrokers(true)).nodes()).size();
        } catch (UnsupportedVersionException e) {
            return live(admin);
        }
    }

    /**
     * Waits.
     *
     * @throws KafkaException when the thread is interrupted
     */
    public static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
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
