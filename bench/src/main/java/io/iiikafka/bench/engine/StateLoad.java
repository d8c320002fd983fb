package io.iiikafka.bench.engine;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.iiikafka.bench.load.AsyncCall;
import io.iiikafka.bench.load.ClosedLoop;
import io.iiikafka.bench.load.Load;
import io.iiikafka.bench.load.Measurement;
import io.iiikafka.bench.load.Payload;
import io.iiikafka.sdk.Trigger;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.protocol.RawJson;
import org.HdrHistogram.Histogram;

/** Operations on 1,000 keys of each of 64 scopes, and how soon a change is noticed. */
final class StateLoad {

    private static final int SCOPES = 64;
    private static final int KEYS = 1_000;
    private static final String WATCHED = "bench-watched";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** One of them each time. */
    private record AnyOf(List<AsyncCall> calls) implements AsyncCall {

        private AsyncCall any() {
            return calls.get(ThreadLocalRandom.current().nextInt(calls.size()));
        }

        @Override
        public CompletableFuture<?> ask() {
            return any().ask();
        }

        @Override
        public void askAndWait(Duration patience) throws InterruptedException, ExecutionException, TimeoutException {
            any().askAndWait(patience);
        }
    }

    private final Worker worker;
    private final Worker watcher;
    private final SynchronousQueue<Long> started = new SynchronousQueue<>();

    StateLoad(Worker worker, Worker watcher) {
        this.worker = worker;
        this.watcher = watcher;
    }

    /** Registers who watches a scope. */
    void watch() {
        watcher.function("bench::changed", event -> {
            started.offer(System.nanoTime(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        });
        watcher.bind(Trigger.state(WATCHED).to("bench::changed"));
    }

    Measurement set(Load load) throws InterruptedException {
        return ClosedLoop.run(call("state::set", ",\"value\":" + Payload.TEXT), load);
    }

    Measurement get(Load load) throws InterruptedException {
        return ClosedLoop.run(call("state::get", ""), load);
    }

    Measurement update(Load load) throws InterruptedException {
        return ClosedLoop.run(
                call("state::update", ",\"ops\":[{\"type\":\"increment\",\"path\":\"quantity\",\"by\":1}]"), load);
    }

    /** A third of each. */
    Measurement mixed(Load load) throws InterruptedException {
        AsyncCall set = call("state::set", ",\"value\":" + Payload.TEXT);
        AsyncCall get = call("state::get", "");
        AsyncCall update =
                call("state::update", ",\"ops\":[{\"type\":\"increment\",\"path\":\"quantity\",\"by\":1}]");
        return ClosedLoop.run(new AnyOf(List.of(set, get, update)), load);
    }

    /** From before a change is asked for to the beginning of the handler, one after the other. */
    Measurement trigger(Load load) throws InterruptedException {
        Histogram nanos = new Histogram(3);
        long missed = 0;
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < load.duration().toNanos()) {
            long asked = System.nanoTime();
            worker.triggerAsync("state::set", payload(WATCHED, UUID.randomUUID().toString(), ",\"value\":1"), RawJson.class);
            Long at = started.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (at == null) {
                missed++;
            } else {
                nanos.recordValue(Math.max(0, at - asked));
            }
        }
        return Measurement.of(nanos, missed, load.duration().toNanos() / 1e9);
    }

    private AsyncCall call(String function, String members) {
        return new SdkCall(worker, function, () -> {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            return payload("bench-" + random.nextInt(SCOPES), "k-" + random.nextInt(KEYS), members);
        });
    }

    private static RawJson payload(String scope, String key, String members) {
        return RawJson.of("{\"scope\":\"" + scope + "\",\"key\":\"" + key + "\"" + members + "}");
    }
}
