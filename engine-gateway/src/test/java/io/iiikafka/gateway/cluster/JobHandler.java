package io.iiikafka.gateway.cluster;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import org.jspecify.annotations.Nullable;

/** A worker that does jobs of all lanes as they come, and comes back, at another gateway, when it was cut off. */
final class JobHandler implements Runnable {

    private final int[] ports;
    private final Random random;
    private final JobLedger ledger;
    private volatile boolean closed;
    private volatile @Nullable Connected connected;
    private int turn;

    private record Connected(JobLedger.Session session, RawWorker worker) {

        boolean isOpen() {
            return session.isOpen() && worker.isOpen();
        }

        /** In the middle of whatever it does. */
        void cut() {
            session.end();
            worker.cut();
        }
    }

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
                connectAndServe("ws://127.0.0.1:" + ports[turn++ % ports.length]);
            } catch (RuntimeException | AssertionError e) {
                pause(200); // the gateway is not there
            }
        }
    }

    private void connectAndServe(String url) {
        Connected current = new Connected(new JobLedger.Session(), RawWorker.connect(url));
        connected = current;
        try {
            register(current.worker());
            serve(current);
        } finally {
            current.cut(); // whoever stays connected is called, though nobody hears it
        }
    }

    private void serve(Connected current) {
        while (!closed && current.isOpen()) {
            Optional<JsonNode> call = current.worker().pollCall(Duration.ofMillis(100));
            if (call.isPresent() && current.isOpen()) {
                handle(call.get(), current);
            }
        }
    }

    private static void register(RawWorker worker) {
        worker.announce("handler");
        for (JobLane lane : JobLane.values()) {
            worker.serve(lane.function());
        }
        worker.trigger(
                "kills",
                "durable:subscriber",
                JobLane.TOPIC.function(),
                "{\"topic\":\"" + JobLane.TOPIC.queue() + "\",\"queue_config\":{\"concurrency\":20,\"maxRetries\":"
                        + (JobLane.ATTEMPTS - 1) + ",\"backoffDelayMs\":20}}",
                "");
    }

    private void handle(JsonNode call, Connected current) {
        JobLane lane = JobLane.valueOf(call.get("function_id")
                .textValue()
                .replace("kills-", "")
                .replace("::handle", "")
                .toUpperCase(Locale.ROOT));
        JobLane.Job job = new JobLane.Job(
                lane, call.at("/data/n").intValue(), call.at("/data/g").intValue());
        JobLedger.Delivery delivery = ledger.delivered(job, current.session());
        if (random.nextInt(100) == 0) {
            pause(random.nextInt(30));
        }
        delivery.answers();
        if (delivery.fails()) {
            current.worker().fail(call, "boom");
        } else {
            ledger.done(job);
            current.worker().answer(call, "null");
        }
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Cuts its connection. */
    void kill() {
        Connected current = connected;
        if (current != null) {
            current.cut();
        }
    }

    void close() {
        closed = true;
    }
}
