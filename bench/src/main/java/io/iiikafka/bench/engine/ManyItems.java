package io.iiikafka.bench.engine;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

import io.iiikafka.bench.load.ClosedLoop;
import io.iiikafka.bench.load.Load;
import io.iiikafka.bench.load.Measurement;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.protocol.RawJson;
import org.HdrHistogram.Histogram;

/** A million values in ten scopes, read while one of the scopes is listed as a whole. */
final class ManyItems {

    private static final int SCOPES = 10;
    private static final int KEYS = 100_000;
    private static final String LISTED = "many-0";

    private final Worker worker;
    private final Worker lister;

    ManyItems(Worker worker, Worker lister) {
        this.worker = worker;
        this.lister = lister;
    }

    /** Writes all of them; calls are transactions of a hundred values. */
    Measurement fill(Load load) throws InterruptedException {
        return Filling.run(worker, "many", SCOPES, KEYS);
    }

    /** Single values of the other scopes. */
    Measurement get(Load load) throws InterruptedException {
        return ClosedLoop.run(new SdkCall(worker, "state::get", ManyItems::any), load);
    }

    private static RawJson any() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return RawJson.of(
                "{\"scope\":\"many-" + random.nextInt(1, SCOPES) + "\",\"key\":\"key-" + random.nextInt(KEYS) + "\"}");
    }

    /** The same while another connection lists 100,000 values once per second. */
    Measurement getBesideLists(Load load) throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        Thread lists = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                list();
                pause();
            }
        });
        try {
            return get(load);
        } finally {
            over.set(true);
            lists.join();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void list() {
        lister.triggerAsync("state::list", RawJson.of("{\"scope\":\"" + LISTED + "\"}"), RawJson.class).join();
    }

    /** The lists alone, one after the other. */
    Measurement list(Load load) {
        Histogram nanos = new Histogram(3);
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < load.duration().toNanos()) {
            long asked = System.nanoTime();
            list();
            nanos.recordValue(System.nanoTime() - asked);
        }
        return Measurement.of(nanos, 0, load.duration().toNanos() / 1e9);
    }
}
