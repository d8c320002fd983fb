package io.iiikafka.gateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every published SDK line that we promise to serve, unmodified, against a fresh engine. All drivers share the engine,
 * two at a time; then the engine restarts once, with all of them connected. A language whose tools are missing is
 * reported as skipped; with {@code III_REQUIRE_ALL_SDKS=true} in the environment that is a failure.
 */
class SdkConformanceTest {

    private static final int AT_ONCE = 2;
    /** How long a driver may take to its next wish, or to its end: several scenarios, most of them short. */
    private static final long SECONDS_OF_SILENCE = 420;

    /** By name of the client: its ended driver, or why there is none. */
    private static final Map<String, SdkDriver> DRIVERS = new HashMap<>();

    private static final Map<String, String> FAILED_INSTALLATIONS = new HashMap<>();

    @BeforeAll
    static void runAllDrivers() throws Exception {
        Map<SdkClient, Installation> installations = install();
        try (EngineUnderTest engine = EngineUnderTest.start()) {
            List<SdkDriver> waiting = new ArrayList<>();
            try (ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE)) {
                List<Future<SdkDriver>> runs = new ArrayList<>();
                installations.forEach((client, installation) ->
                        runs.add(pool.submit(() -> untilRestart(engine, client, installation))));
                for (Future<SdkDriver> run : runs) {
                    SdkDriver driver = run.get();
                    DRIVERS.put(driver.client().name(), driver);
                    waiting.add(driver);
                }
            }
            engine.restart();
            waiting.forEach(SdkDriver::answer);
            for (SdkDriver driver : waiting) {
                Optional<String> more = driver.nextWish(SECONDS_OF_SILENCE);
                assertThat(more).as("nobody wishes anything after the restart").isEmpty();
            }
        }
    }

    /** Two at a time as well; cargo shares what it builds, so its drivers queue up behind its own lock. */
    private static Map<SdkClient, Installation> install() throws Exception {
        Map<SdkClient, Future<Installation>> installing = new LinkedHashMap<>();
        Map<SdkClient, Installation> installations = new LinkedHashMap<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE)) {
            for (SdkClient client : SdkClient.ALL) {
                if (client.toolchain().missing().isEmpty()) {
                    installing.put(client, pool.submit(() -> Installation.of(client)));
                }
            }
            for (Map.Entry<SdkClient, Future<Installation>> entry : installing.entrySet()) {
                try {
                    installations.put(entry.getKey(), entry.getValue().get());
                } catch (ExecutionException e) {
                    FAILED_INSTALLATIONS.put(entry.getKey().name(), String.valueOf(e.getCause()));
                }
            }
        }
        return installations;
    }

    private static SdkDriver untilRestart(EngineUnderTest engine, SdkClient client, Installation installation)
            throws IOException, InterruptedException {
        try (CutProxy proxy = new CutProxy(engine.workerPort())) {
            Map<String, String> environment = Map.of(
                    "III_URL", "ws://127.0.0.1:" + engine.workerPort(),
                    "III_HTTP_URL", "http://127.0.0.1:" + engine.httpPort(),
                    "III_PROXY_URL", "ws://127.0.0.1:" + proxy.port());
            SdkDriver driver = SdkDriver.start(client, installation, environment);
            while (driver.nextWish(SECONDS_OF_SILENCE).filter("cut"::equals).isPresent()) {
                proxy.cut();
                driver.answer();
            }
            return driver;
        }
    }

    @AfterAll
    static void endDrivers() {
        DRIVERS.values().forEach(SdkDriver::close);
    }

    @TestFactory
    Stream<DynamicContainer> shouldServeEverySdk() {
        return SdkClient.ALL.stream()
                .map(client -> DynamicContainer.dynamicContainer(
                        client.name(), client.scenarios().stream().map(scenario -> test(client, scenario))));
    }

    private static DynamicTest test(SdkClient client, Scenario scenario) {
        return DynamicTest.dynamicTest(scenario.id(), () -> {
            client.toolchain().require();
            if (FAILED_INSTALLATIONS.containsKey(client.name())) {
                fail("%s could not be installed: %s", client.name(), FAILED_INSTALLATIONS.get(client.name()));
            }
            ScenarioResult result = DRIVERS.get(client.name()).result(scenario);
            assertThat(result.ok())
                    .as(() -> client.name() + " " + scenario.id() + ": " + result.detail())
                    .isTrue();
        });
    }
}
