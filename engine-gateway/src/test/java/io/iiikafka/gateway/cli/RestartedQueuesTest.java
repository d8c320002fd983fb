package io.iiikafka.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestRun;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues and their jobs, kept by an engine with its own broker that is stopped or killed, and started again. */
class RestartedQueuesTest {

    private static final int QUEUES = TestRun.times(100, 1_000);
    private static final int JOBS = TestRun.times(1_000, 10_000);
    private static final int WAITING = TestRun.times(3_000, 200_000);
    /** In flight at once. */
    private static final int WINDOW = 200;

    @TempDir
    Path directory;

    /** When the handler got what. */
    private final Map<Integer, Long> handled = new HashMap<>();

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "KILL"})
    void shouldKeepQueuesAndRunDelayedJobsOnceWhenTheirTimeHasCome(String signal) throws Exception {
        long duringMs;
        long afterMs;
        try (IiiProcess iii = IiiProcess.start(directory).awaitReady();
                RawWorker worker = worker(iii)) {
            all(worker, QUEUES, i -> define(worker, i));
            long now = System.currentTimeMillis();
            duringMs = now + TestRun.times(15_000, 30_000);
            afterMs = now + TestRun.times(30_000, 90_000);
            all(worker, JOBS, i -> enqueue(worker, "q" + i % QUEUES, i, i % 2 == 0 ? duringMs : afterMs));
            assertThat(System.currentTimeMillis()).as("none is due yet").isLessThan(duringMs);
            iii.signal(signal);
            iii.awaitEnd();
        }
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> System.currentTimeMillis() > duringMs);

        long started = System.currentTimeMillis();
        try (IiiProcess iii = IiiProcess.start(directory).awaitReady();
                RawWorker worker = worker(iii).serve("late")) {
            long ready = System.currentTimeMillis();
            assertThat(worker.call("engine::queue::list_topics", "{}").get("result")).hasSize(QUEUES + 1);
            handle(worker, JOBS);
            long caughtUp = lastOf(0);
            assertThat(worker.pollCall(Duration.ofSeconds(1))).as("a job that came twice").isEmpty();
            assertThat(handled.entrySet())
                    .allMatch(each -> each.getValue() >= (each.getKey() % 2 == 0 ? duringMs : afterMs));
            System.out.printf(
                    "SIG%s, %d queues, %d delayed jobs: ready %d ms after the start, those due before are done %d ms"
                            + " later, the others %d ms after their time%n",
                    signal,
                    QUEUES,
                    JOBS,
                    ready - started,
                    caughtUp - ready,
                    lastOf(1) - Math.max(afterMs, ready));
            assertThat(caughtUp - ready).as("caught up").isLessThan(TestRun.times(20_000, 40_000));
        }
    }

    @Test
    void shouldOpenAKeeperWithManyWaitingJobs() throws Exception {
        try (IiiProcess iii = IiiProcess.start(directory).awaitReady();
                RawWorker worker = worker(iii)) {
            all(worker, WAITING, i -> enqueue(worker, "default", i, 0));
            iii.signal("KILL");
            iii.awaitEnd();
        }
        long started = System.currentTimeMillis();
        try (IiiProcess iii = IiiProcess.start(directory).awaitReady();
                RawWorker worker = worker(iii)) {
            long ready = System.currentTimeMillis();
            JsonNode stats = worker.pollResult(
                            worker.start("engine::queue::topic_stats", "{\"topic\":\"default\"}"),
                            Duration.ofSeconds(60))
                    .orElseThrow();
            System.out.printf(
                    "%d waiting jobs: ready %d ms after the start, stats %d ms later, %s kB resident%n",
                    WAITING, ready - started, System.currentTimeMillis() - ready, iii.residentKilobytes());
            assertThat(stats.toString()).contains("\"depth\":" + WAITING + ",");
            worker.serve("late");
            handle(worker, 100);
        }
    }

    private static RawWorker worker(IiiProcess iii) {
        Matcher url = Pattern.compile("ws://127.0.0.1:\\d+").matcher(iii.out());
        assertThat(url.find()).isTrue();
        return RawWorker.connect(url.group()).announce("w");
    }

    private static String define(RawWorker worker, int queue) {
        return worker.start("queue::define", "{\"queue\":\"q" + queue + "\",\"config\":{\"concurrency\":4}}");
    }

    private static String enqueue(RawWorker worker, String queue, int job, long atMs) {
        return worker.start(
                "iii::queue::enqueue",
                "{\"queue\":\"" + queue + "\",\"function_id\":\"late\",\"data\":" + job
                        + (atMs == 0 ? "" : ",\"options\":{\"deliver_at\":" + atMs + "}") + "}");
    }

    /** Starts so many calls, and waits for their answers. */
    private static void all(RawWorker worker, int count, IntFunction<String> start) {
        Deque<String> open = new ArrayDeque<>();
        for (int i = 0; i < count || !open.isEmpty(); i++) {
            if (i < count) {
                open.add(start.apply(i));
            }
            if (open.size() >= WINDOW || i >= count) {
                JsonNode result = worker.pollResult(open.remove(), Duration.ofSeconds(30)).orElseThrow();
                assertThat(result.hasNonNull("error")).as(result.toString()).isFalse();
            }
        }
    }

    /** When the last of those that were due at the first or at the second time was handled. */
    private long lastOf(int remainder) {
        return handled.entrySet().stream()
                .filter(each -> each.getKey() % 2 == remainder)
                .mapToLong(Map.Entry::getValue)
                .max()
                .orElseThrow();
    }

    /** Until so many jobs were handled, each once. */
    private void handle(RawWorker worker, int jobs) {
        while (handled.size() < jobs) {
            JsonNode call = worker.pollCall(Duration.ofSeconds(60)).orElseThrow();
            int job = call.get("data").intValue();
            assertThat(handled.put(job, System.currentTimeMillis())).as("job %d, before", job).isNull();
            worker.answer(call, "null");
        }
    }
}
