package io.iiikafka.gateway.kafka;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads for a subscription until it is closed: a reading that fails is followed by another one, after a pause that grows. */
public final class TopicReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);
    private static final long FIRST_PAUSE_MS = 500;
    private static final long LONGEST_PAUSE_MS = 30_000;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(6);

    private final String what;
    private final Supplier<? extends TopicReading> readings;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable TopicReading reading;

    /**
     * @param what is read, for the log
     * @param readings opens one; may block, or fail
     */
    public TopicReader(String name, String what, Supplier<? extends TopicReading> readings) {
        this.what = what;
        this.readings = readings;
        this.thread = new Thread(this::run, name);
        this.thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void run() {
        long pauseMs = FIRST_PAUSE_MS;
        while (!isClosed()) {
            long sinceNanos = System.nanoTime();
            try {
                read();
            } catch (RuntimeException | Error e) { // also without memory, which there may be again
                boolean wasWell = System.nanoTime() - sinceNanos > TimeUnit.MILLISECONDS.toNanos(LONGEST_PAUSE_MS);
                pauseMs = wasWell ? FIRST_PAUSE_MS : pauseMs;
                log(e, pauseMs);
                pause(pauseMs);
                pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
            }
        }
    }

    private void read() {
        try (TopicReading opened = readings.get()) {
            reading = opened;
            if (!isClosed()) { // otherwise whoever closed this may not have seen it
                opened.run();
            }
        } finally {
            reading = null;
        }
    }

    private void log(Throwable failure, long pauseMs) {
        if (failure instanceof KafkaException) {
            LOG.atWarn()
                    .addKeyValue("what", what)
                    .addKeyValue("cause", failure.getMessage())
                    .addKeyValue("retryMs", pauseMs)
                    .log("A topic could not be read, which is tried again");
        } else {
            LOG.atError()
                    .addKeyValue("what", what)
                    .addKeyValue("retryMs", pauseMs)
                    .setCause(failure)
                    .log("A topic could not be read, which is tried again");
        }
    }

    private void pause(long ms) {
        try {
            closed.await(ms, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closed.countDown(); // nobody interrupts it but to end it
        }
    }

    /** Leaves the group; what is being delivered is delivered again by whoever reads the partition next. */
    @Override
    public void close() {
        closed.countDown();
        TopicReading current = reading;
        if (current != null) {
            current.stop();
        }
    }

    public boolean isAlive() {
        return thread.isAlive();
    }

    /** Waits, for some seconds at most, until it is {@linkplain #close closed}. */
    public void awaitClosed() {
        try {
            thread.join(CLOSE_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
