package io.iiikafka.gateway.cluster;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import org.awaitility.Awaitility;

/** Enqueues jobs, one after the other, and connects to another gateway when it is cut off. */
final class JobProducer implements Runnable {

    /** Longer than any takeover. */
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(60);
    private static final int GROUPS = 3;

    private final int producer;
    private final int[] ports;
    private final int longestPauseMs;
    private final Random random;
    private final JobLedger ledger;
    private final BooleanSupplier enough;
    private int turn;

    /**
     * @param producer its number: groups are its own
     * @param longestPauseMs between two jobs; 0: none
     * @param enough whether it may end
     */
    JobProducer(
            int producer, Random random, JobLedger ledger, int longestPauseMs, BooleanSupplier enough, int... ports) {
        this.producer = producer;
        this.turn = producer;
        this.random = random;
        this.ledger = ledger;
        this.longestPauseMs = longestPauseMs;
        this.enough = enough;
        this.ports = ports;
    }

    @Override
    public void run() {
        RawWorker worker = connect();
        while (!enough.getAsBoolean()) {
            int choice = random.nextInt(10);
            JobLane lane = choice < 4 ? JobLane.STANDARD : choice < 8 ? JobLane.FIFO : JobLane.TOPIC;
            enqueue(worker, new JobLane.Job(lane, ledger.nextNumber(), producer * GROUPS + random.nextInt(GROUPS)));
            if (!worker.isOpen()) {
                worker = connect();
            }
            if (longestPauseMs > 0) {
                pause(random.nextInt(longestPauseMs));
            }
        }
        worker.close();
    }

    private void enqueue(RawWorker worker, JobLane.Job job) {
        Optional<JsonNode> result = send(worker, job);
        if (result.isPresent() && !result.get().hasNonNull("error")) {
            ledger.acknowledged(job);
        } else {
            ledger.unknown(job, result.map(frame -> frame.at("/error/code").asText()).orElse("cut off"));
        }
    }

    /** Empty when the connection ended before the answer came. */
    private static Optional<JsonNode> send(RawWorker worker, JobLane.Job job) {
        JobLane.Enqueueing call = job.lane().enqueueing(job);
        String id;
        try {
            id = worker.start(call.functionId(), call.data(), call.members());
        } catch (RuntimeException e) {
            return Optional.empty();
        }
        long deadline = System.nanoTime() + ANSWERED_WITHIN.toNanos();
        Optional<JsonNode> result = Optional.empty();
        while (result.isEmpty() && worker.isOpen()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("a producer hangs: " + job);
            }
            result = worker.pollResult(id, Duration.ofMillis(500));
        }
        return result;
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private RawWorker connect() {
        return Awaitility.await().atMost(Duration.ofSeconds(60)).until(this::tryToConnect, Optional::isPresent).get();
    }

    private Optional<RawWorker> tryToConnect() {
        try {
            return Optional.of(RawWorker.connect("ws://127.0.0.1:" + ports[turn++ % ports.length]));
        } catch (RuntimeException | AssertionError e) {
            return Optional.empty();
        }
    }
}
