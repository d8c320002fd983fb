package io.iiikafka.gateway.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;

import com.sun.management.OperatingSystemMXBean;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Schedules that are not due cost next to nothing. */
class ManySchedulesTest {

    private static final int MANY = 10_000;
    private static final Duration WATCHED = Duration.ofSeconds(10);

    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /** How much of a core this process takes: engine, broker and test. */
    private double load() {
        long before = system.getProcessCpuTime();
        long begun = System.nanoTime();
        Awaitility.await().pollDelay(WATCHED).atMost(WATCHED.plusSeconds(60)).until(() -> true);
        return (double) (system.getProcessCpuTime() - before) / (System.nanoTime() - begun);
    }

    @Test
    void shouldBeAtRestWithTenThousandSchedules() {
        try (TestEngine engine = TestEngine.start();
                RawWorker worker = engine.worker("many").serve("many::f")) {
            double without = load();
            for (int i = 0; i < MANY; i++) {
                worker.send("{\"type\":\"registertrigger\",\"id\":\"m" + i + "\",\"trigger_type\":\"cron\","
                        + "\"function_id\":\"many::f\",\"config\":{\"expression\":\"0 0 12 1 1 *\"}}");
            }
            // The last is known, and so are those before it.
            worker.trigger("soon", "cron", "many::f", "{\"expression\":\"* * * * * *\",\"max_runs\":1}", "");
            worker.answer(worker.nextCallOf("many::f"), "null");
            assertThat(worker.call("engine::cron::list", "{\"function_id\":\"many::f\"}").get("result"))
                    .hasSizeBetween(MANY, MANY + 1);
            load(); // what was registered is settled
            double with = Math.min(load(), load()); // what else this process does is no steady load
            System.out.printf("idle load: %.1f %% of a core without, %.1f %% with 10,000%n", without * 100, with * 100);
            assertThat(with - without).isLessThan(0.05);
        }
    }
}
