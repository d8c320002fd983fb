package io.iiikafka.gateway.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import io.iiikafka.gateway.Engine;
import io.iiikafka.gateway.config.EngineConfig;

/**
 * The engine as a process: it runs until Ctrl-C or SIGTERM, then stops gracefully and exits with 0. A second signal
 * ends it at once (130); so does a stop that takes too long (1). A signal that comes while the engine starts stops it as well,
 * when the part that is starting has started.
 */
final class EngineRun {

    private static final int STOPPED_AT_ONCE = 130;
    private static final int STOP_TOOK_TOO_LONG = 1;
    private static final Duration BEYOND_DRAIN = Duration.ofSeconds(15);

    private static volatile boolean running;

    private final Engine engine;
    private final Duration patience;
    private final AtomicBoolean stopping = new AtomicBoolean();

    private EngineRun(EngineConfig config) {
        this.engine = new Engine(config);
        this.patience = config.timing().drainTimeout().plus(BEYOND_DRAIN);
    }

    /** Starts the engine and says where it listens; if wanted, stops it then. */
    static void start(EngineConfig config, boolean exitWhenReady) {
        EngineRun run = new EngineRun(config);
        StopSignals.onEach(run::stop);
        run.startEngine();
        System.out.print(ReadyText.of(config, run.engine.endpoints()));
        System.out.flush();
        if (exitWhenReady) {
            run.engine.close();
        } else {
            running = true;
        }
    }

    private void startEngine() {
        try {
            engine.start();
        } catch (RuntimeException e) {
            if (stopping.get()) {
                awaitExit();
            }
            throw e;
        }
    }

    /** The stop's exit code is the process's. */
    private static void awaitExit() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether there is something to wait for. */
    static boolean isRunning() {
        return running;
    }

    private void stop() {
        if (!stopping.compareAndSet(false, true)) {
            Runtime.getRuntime().halt(STOPPED_AT_ONCE);
        }
        System.err.println("Stopping; Ctrl-C again ends at once");
        Thread watchdog = new Thread(this::endWhenTooLong, "stop-watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
        engine.close();
        System.exit(0);
    }

    private void endWhenTooLong() {
        try {
            Thread.sleep(patience);
            System.err.println("The stop took longer than " + patience.toSeconds() + " s and is cut short");
            Runtime.getRuntime().halt(STOP_TOOK_TOO_LONG);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
