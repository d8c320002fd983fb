package io.iiikafka.gateway.queue;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What queues ask of the Kafka brokers, which blocks: one thing after the other, on a thread of its own, but for who asks
 * {@linkplain #topics() by himself}. Any thread.
 */
final class ShareBrokers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ShareBrokers.class);

    private final QueueParts.Sharing sharing;
    private final ExecutorService work =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("share-queues").factory());
    /** By queue, of those that are not begun. */
    private final Map<String, Future<Long>> counts = new ConcurrentHashMap<>();
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable ShareTopics topics;
    /** Whether they were found to have share groups, and whether it was said that they have none; on the thread that works. */
    private boolean supported;
    private boolean told;

    ShareBrokers(QueueParts.Sharing sharing) {
        this.sharing = sharing;
    }

    /** Does that after what was given before; nothing when this is closed. */
    void run(Runnable task) {
        try {
            work.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("Closed already");
        }
    }

    /** The answer to what blocks. */
    <T> Future<T> ask(Function<ShareTopics, T> question) {
        Promise<T> answer = Promise.promise();
        try {
            work.execute(() -> {
                try {
                    answer.complete(question.apply(topics()));
                } catch (RuntimeException e) {
                    answer.fail(e);
                }
            });
        } catch (RejectedExecutionException e) {
            answer.fail(e);
        }
        return answer.future();
    }

    /** How many records of the queue are not dealt with. Who asks before an earlier count has begun shares it. */
    Future<Long> count(String queue) {
        Promise<Long> counted = Promise.promise();
        Future<Long> count = counted.future();
        Future<Long> earlier = counts.putIfAbsent(queue, count);
        if (earlier != null) {
            return earlier;
        }
        try {
            work.execute(() -> {
                counts.remove(queue, count);
                try {
                    counted.complete(topics().lag(queue));
                } catch (RuntimeException e) {
                    counted.fail(e);
                }
            });
        } catch (RejectedExecutionException e) {
            counted.fail(e);
        }
        return count;
    }

    /** Made when it is asked for first: a gateway without such queues has no connection for them. */
    ShareTopics topics() {
        making.lock();
        try {
            ShareTopics made = topics;
            if (made == null) {
                made = new ShareTopics(sharing.clientProperties(), sharing.topics(), sharing.largestRecord());
                topics = made;
            }
            return made;
        } finally {
            making.unlock();
        }
    }

    /**
     * Whether the brokers have share groups; asked again while they have none: an administrator may have given them some, of
     * which the broker that was asked had not heard.
     */
    Future<Boolean> haveShareGroups() {
        return ask(this::supported);
    }

    private boolean supported(ShareTopics brokers) {
        if (!supported) {
            supported = brokers.supported();
            if (!supported && !told) {
                told = true;
                LOG.warn("The Kafka brokers have no share groups (share.version is 0; they came with 4.2):"
                        + " queues with share_group run in the keeper, as all others do");
            }
        }
        return supported;
    }

    @Override
    public void close() {
        run(this::closeTopics);
        work.shutdown();
    }

    private void closeTopics() {
        ShareTopics made = topics;
        if (made != null) {
            made.close();
        }
    }
}
