package io.iiikafka.bench.engine;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

import io.iiikafka.bench.load.Measurement;
import io.iiikafka.bench.load.Payload;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.protocol.RawJson;

/** Writes many values, by transactions of a hundred. */
final class Filling {

    private static final int AT_ONCE = 100;
    private static final int IN_FLIGHT = 16;

    private Filling() {}

    /** Keys {@code key-0} and so on of the scopes {@code <scope>-0} and so on; of {@code <scope>} itself when it is one. */
    static Measurement run(Worker worker, String scope, int scopes, int keys) throws InterruptedException {
        Semaphore inFlight = new Semaphore(IN_FLIGHT);
        long begin = System.nanoTime();
        AtomicBoolean failed = new AtomicBoolean();
        for (int first = 0; first < keys; first += AT_ONCE) {
            for (int i = 0; i < scopes; i++) {
                inFlight.acquire();
                RawJson writes = transaction(scopes == 1 ? scope : scope + "-" + i, first);
                worker.triggerAsync("state::transact", writes, RawJson.class).whenComplete((ok, failure) -> {
                    failed.compareAndSet(false, failure != null);
                    inFlight.release();
                });
            }
        }
        inFlight.acquire(IN_FLIGHT);
        double seconds = (System.nanoTime() - begin) / 1e9;
        long written = (long) scopes * keys;
        return new Measurement(written, failed.get() ? 1 : 0, written / seconds, 0, 0, 0, 0);
    }

    private static RawJson transaction(String scope, int first) {
        StringBuilder writes = new StringBuilder();
        for (int i = first; i < first + AT_ONCE; i++) {
            writes.append(i == first ? "" : ",").append("{\"op\":\"set\",\"key\":\"key-").append(i).append("\",\"value\":")
                    .append(Payload.TEXT).append('}');
        }
        return RawJson.of("{\"scope\":\"" + scope + "\",\"writes\":[" + writes + "]}");
    }
}
