package io.iiikafka.bench.engine;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

import io.iiikafka.bench.load.ClosedLoop;
import io.iiikafka.bench.load.Load;
import io.iiikafka.bench.load.Measurement;
import io.iiikafka.bench.load.Payload;
import io.iiikafka.bench.process.LoadServer;
import io.iiikafka.sdk.Iii;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.WorkerOptions;
import io.iiikafka.sdk.protocol.RawJson;
import org.HdrHistogram.Histogram;

/**
 * Stream sockets that have joined one group, and a worker that changes an item of it, one change after the other. Arguments:
 * the engine's address for workers, that of streams, how many sockets.
 */
public final class StreamFanoutMain {

    private static final String STREAM = "bench";
    private static final String GROUP = "all";
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private StreamFanoutMain() {}

    private static RawJson change(String group) {
        return RawJson.of("{\"stream_name\":\"" + STREAM + "\",\"group_id\":\"" + group
                + "\",\"item_id\":\"one\",\"data\":" + Payload.TEXT + "}");
    }

    public static void main(String[] arguments) {
        try {
            serve(arguments);
            System.exit(0);
        } catch (Exception e) {
            System.err.println(e);
            System.exit(1); // the worker's threads would go on
        }
    }

    private static void serve(String[] arguments) throws Exception {
        Worker worker = Iii.connect(
                URI.create(arguments[0]), WorkerOptions.builder().name("bench-streams").build());
        worker.awaitConnected(PATIENCE);
        try (StreamListeners listeners =
                StreamListeners.join(URI.create(arguments[1]), Integer.parseInt(arguments[2]), STREAM, GROUP)) {
            LoadServer.serve(Map.of(
                    "warm-up", load -> ClosedLoop.run(
                            () -> worker.triggerAsync("stream::set", change("unheard"), RawJson.class), load),
                    "fanout", load -> run(worker, listeners, load)));
        }
    }

    /** From before a change is asked for to its coming in at the last socket. */
    private static Measurement run(Worker worker, StreamListeners listeners, Load load) throws InterruptedException {
        Histogram nanos = new Histogram(3);
        long missed = 0;
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < load.duration().toNanos()) {
            long asked = System.nanoTime();
            worker.triggerAsync("stream::set", change(GROUP), RawJson.class);
            Long at = listeners.awaitFrame();
            if (at == null) {
                missed++;
            } else {
                nanos.recordValue(Math.max(0, at - asked));
            }
            Thread.sleep(PAUSE);
        }
        return Measurement.of(nanos, missed, load.duration().toNanos() / 1e9);
    }
}
