package io.iiikafka.gateway.cluster;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;

/** A worker that does jobs of all lanes as they come, and comes back, at another gateway, when it was cut off. */
final class JobHandler implements Runnable {

    private final int[] ports;
    private final Random random;
    private final JobLedger ledger;
    private volatile boolean closed;
    private volatile RawWorker worker;
    private volatile JobLedger.Session session = new JobLedger.Session();
    private int turn;

    JobHandler(int number, Random random, JobLedger ledger, int... ports) {
        this.turn = number;
        this.random = random;
        this.ledger = ledger;
        this.ports = ports;
    }

    @Override
    public void run() {
        while (!closed) {
            try {
                session = new JobLedger.Session();
                worker = register(RawWorker.connect("ws://127.0.0.1:" + ports[turn++ % ports.length]));
                while (!closed && session.isOpen() && worker.isOpen()) {
                    Optional<JsonNode> call = worker.pollCall(Duration.ofMillis(100));
                    if (call.isPresent() && session.isOpen() && worker.isOpen()) {
                        handle(call.get());
                    }
                }
            } catch (RuntimeException | AssertionError e) {
                pause(200); // the gateway is not there
            } finally {
                session.end();
            }
        }
    }

    private static RawWorker register(RawWorker worker) {
        worker.announce("handler");
        for (JobLane lane : JobLane.values()) {
            worker.serve(lane.function());
        }
        return worker.trigger(
                "kills",
                "durable:subscriber",
                JobLane.TOPIC.function(),
                "{\"topic\":\"" + JobLane.TOPIC.queue() + "\",\"queue_config\":{\"concurrency\":20,\"maxRetries\":"
                        + (JobLane.ATTEMPTS - 1) + ",\"backoffDelayMs\":20}}",
                "");
    }

    private void handle(JsonNode call) {
        JobLane lane = JobLane.valueOf(call.get("function_id")
                .textValue()
                .replace("kills-", "")
                .replace("::handle", "")
                .toUpperCase(Locale.ROOT));
        JobLane.Job job = new JobLane.Job(
                lane, call.at("/data/n").intValue(), call.at("/data/g").intValue());
        JobLedger.Delivery delivery = ledger.delivered(job, session);
        if (random.nextInt(100) == 0) {
            pause(random.nextInt(30));
        }
        delivery.answers();
        if (delivery.fails()) {
            worker.fail(call, "boom");
        } else {
            ledger.done(job);
            worker.answer(call, "null");
        }
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Cuts its connection, in the middle of whatever it does. */
    void kill() {
        session.end();
        RawWorker current = worker;
        if (current != null) {
            current.cut();
        }
    }

    void close() {
        closed = true;
    }
}
