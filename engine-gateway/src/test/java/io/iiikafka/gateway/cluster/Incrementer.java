package io.iiikafka.gateway.cluster;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import org.awaitility.Awaitility;

/** Adds one to counters, one after the other, and connects anew when it is cut off. */
final class Incrementer implements Runnable {

    /** Longer than any takeover. */
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(60);

    private final int[] ports;
    private final int calls;
    private final Random random;
    private final CounterLedger ledger;
    private int port;

    /**
     * @param ports of gateways, to be tried in turn
     */
    Incrementer(int calls, Random random, CounterLedger ledger, int... ports) {
        this.ports = ports;
        this.calls = calls;
        this.random = random;
        this.ledger = ledger;
    }

    @Override
    public void run() {
        RawWorker worker = connect();
        for (int i = 0; i < calls; i++) {
            CounterLedger.Counter counter = CounterLedger.any(random);
            Optional<JsonNode> result = increment(worker, counter);
            if (result.isPresent() && result.get().has("result")) {
                ledger.acknowledged(counter, result.get().get("result"));
            } else {
                ledger.unknown(counter, result.map(frame -> frame.at("/error/code").asText()).orElse("cut off"));
            }
            if (!worker.isOpen()) {
                worker = connect();
            }
        }
        worker.close();
    }

    /** Empty when the connection ended before the answer came. */
    private static Optional<JsonNode> increment(RawWorker worker, CounterLedger.Counter counter) {
        String id;
        try {
            id = worker.start("state::update", counter.payload());
        } catch (RuntimeException e) {
            return Optional.empty();
        }
        long deadline = System.nanoTime() + ANSWERED_WITHIN.toNanos();
        Optional<JsonNode> result = Optional.empty();
        while (result.isEmpty() && worker.isOpen()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("a caller hangs: " + counter);
            }
            result = worker.pollResult(id, Duration.ofMillis(500));
        }
        return result;
    }

    private RawWorker connect() {
        return Awaitility.await().atMost(Duration.ofSeconds(60)).until(this::tryToConnect, Optional::isPresent).get();
    }

    private Optional<RawWorker> tryToConnect() {
        try {
            return Optional.of(RawWorker.connect("ws://127.0.0.1:" + ports[port++ % ports.length]));
        } catch (RuntimeException | AssertionError e) {
            return Optional.empty();
        }
    }
}
