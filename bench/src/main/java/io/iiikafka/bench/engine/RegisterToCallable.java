package io.iiikafka.bench.engine;

import java.util.concurrent.atomic.AtomicInteger;

import io.iiikafka.bench.load.Load;
import io.iiikafka.bench.load.Measurement;
import io.iiikafka.bench.load.Payload;
import io.iiikafka.sdk.InvocationException;
import io.iiikafka.sdk.Registration;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.protocol.RawJson;
import org.HdrHistogram.Histogram;

/**
 * Registers a new function on one connection and calls it on another until it answers, again and again. What is measured
 * ends with the first answer, so it includes one round trip. Answers "not found" on the way count as errors.
 */
final class RegisterToCallable {

    private static final AtomicInteger NAMES = new AtomicInteger();

    private final Worker registering;
    private final Worker calling;
    private final RawJson payload = RawJson.of(Payload.bytes());

    RegisterToCallable(Worker registering, Worker calling) {
        this.registering = registering;
        this.calling = calling;
    }

    Measurement run(Load load) {
        Histogram nanos = new Histogram(3);
        long refusals = 0;
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < load.duration().toNanos()) {
            String id = "bench::fresh_" + NAMES.incrementAndGet();
            long asked = System.nanoTime();
            Registration registration = registering.function(id, input -> input);
            while (!answers(id)) {
                refusals++;
            }
            nanos.recordValue(System.nanoTime() - asked);
            registration.unregister();
        }
        return Measurement.of(nanos, refusals, load.duration().toNanos() / 1e9);
    }

    private boolean answers(String id) {
        try {
            calling.trigger(id, payload);
            return true;
        } catch (InvocationException e) {
            return false;
        }
    }
}
