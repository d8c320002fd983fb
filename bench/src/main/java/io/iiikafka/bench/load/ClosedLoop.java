package io.iiikafka.bench.load;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a number of calls under way: each answer asks the next, on the thread that brought it. One alone is waited for, as by a
 * caller that has one question after the other.
 */
public final class ClosedLoop {

    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AsyncCall call;
    private final Load load;
    private final Histogram nanos = new ConcurrentHistogram(LONGEST_NANOS, 3);
    private final LongAdder errors = new LongAdder();
    private final CountDownLatch running;
    private final long begin = System.nanoTime();
    private final long end;

    private ClosedLoop(AsyncCall call, Load load) {
        this.call = call;
        this.load = load;
        this.running = new CountDownLatch(load.inFlight());
        this.end = begin + load.duration().toNanos();
    }

    public static Measurement run(AsyncCall call, Load load) throws InterruptedException {
        return new ClosedLoop(call, load).run();
    }

    private Measurement run() throws InterruptedException {
        if (load.inFlight() == 1) {
            oneByOne();
        } else {
            for (int i = 0; i < load.inFlight(); i++) {
                askOnAndOn();
            }
            long patience = load.duration().plus(PATIENCE).toSeconds();
            if (!running.await(patience, TimeUnit.SECONDS)) {
                errors.add(running.getCount());
            }
        }
        return Measurement.of(nanos, errors.sum(), load.duration().toNanos() / 1e9);
    }

    private void oneByOne() throws InterruptedException {
        while (System.nanoTime() < end) {
            long asked = System.nanoTime();
            try {
                call.askAndWait(PATIENCE);
                answered(asked, null);
            } catch (ExecutionException | TimeoutException | RuntimeException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                answered(asked, e);
            }
        }
    }

    private void askOnAndOn() {
        while (System.nanoTime() < end) {
            long asked = System.nanoTime();
            CompletableFuture<?> answer = call.ask();
            if (!answer.isDone()) {
                answer.whenComplete((ignored, failure) -> {
                    answered(asked, failure);
                    askOnAndOn();
                });
                return;
            }
            answered(asked, answer.isCompletedExceptionally() ? answer.exceptionNow() : null);
        }
        running.countDown();
    }

    private void answered(long asked, @Nullable Throwable failure) {
        long now = System.nanoTime();
        if (failure != null) {
            errors.increment();
        } else if (now <= end) {
            nanos.recordValue(Math.min(now - asked, LONGEST_NANOS));
        }
    }
}
