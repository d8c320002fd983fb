package io.iiikafka.gateway.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class IiiTest {

    @TempDir
    Path directory;

    @Test
    void shouldServeUntilStoppedAndKeepOthersOffItsData() throws Exception {
        try (IiiProcess first = IiiProcess.start(directory).awaitReady()) {
            assertThat(first.out()).contains("workers", "admin", "Kafka", "Try: curl http://127.0.0.1:");

            try (IiiProcess second = IiiProcess.start(directory)) {
                assertThat(second.awaitEnd()).isEqualTo(1);
                assertThat(second.err().lines())
                        .singleElement()
                        .asString()
                        .matches("iii: the data directory .*data is in use by another engine \\(process \\d+\\);"
                                + " stop it, or choose another directory by --data");
            }

            first.signal("TERM");
            assertThat(first.awaitEnd()).isZero();
            assertThat(first.err()).doesNotContain("Exception", "ERROR");
        }
    }

    @Test
    void shouldStartAgainAfterCrash() throws Exception {
        try (IiiProcess crashed = IiiProcess.start(directory).awaitReady()) {
            crashed.signal("KILL");
            crashed.awaitEnd();
        }
        try (IiiProcess next = IiiProcess.start(directory, "--exit-when-ready")) {
            assertThat(next.awaitEnd()).isZero();
            assertThat(next.out()).contains(" is ready");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"data/kafka", "data/streams"})
    void shouldStopGracefullyWhileItStarts(String part) throws Exception {
        try (IiiProcess iii = IiiProcess.start(directory)) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(40))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> Files.exists(directory.resolve(part)));
            iii.signal("TERM");

            assertThat(iii.awaitEnd()).isZero();
            assertThat(iii.out()).isEmpty();
            assertThat(iii.err()).startsWith("Stopping;").doesNotContain("iii:", "Exception", "WARN ", "ERROR");
            assertThat(directory).isDirectoryRecursivelyContaining("glob:**/.kafka_cleanshutdown");
        }
    }

    @Test
    void shouldEndAtOnceOnSecondSignal() throws Exception {
        try (IiiProcess iii = IiiProcess.start(directory).awaitReady()) {
            iii.signal("TERM");
            Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> iii.err().contains("Stopping"));
            iii.signal("TERM");
            // The graceful stop may just have won the race.
            assertThat(iii.awaitEnd()).isIn(130, 0);
        }
    }

    @Test
    void shouldSayWhatIsWrongInOneLine() throws Exception {
        Files.writeString(directory.resolve("config.yaml"), "workers:\n  - name: http\n    config: {prot: 1}\n");

        assertThat(refusal()).isEqualTo("iii: config.yaml:3: http: unknown key 'prot'; did you mean 'port'?");
        assertThat(refusal("--config=none.yaml")).isEqualTo("iii: none.yaml: no such file (named by --config)");
        Files.delete(directory.resolve("config.yaml"));
        assertThat(refusal("--kafka=127.0.0.1:1"))
                .isEqualTo("iii: no Kafka broker can be reached at 127.0.0.1:1 (Connection refused);"
                        + " check kafka.bootstrap.servers (--kafka)");
        assertThat(refusal("topics", "--create")).startsWith("iii: name the cluster by --kafka HOST:PORT");
    }

    private String refusal(String... arguments) throws Exception {
        try (IiiProcess iii = IiiProcess.start(directory, arguments)) {
            assertThat(iii.awaitEnd()).isEqualTo(1);
            return iii.err().strip();
        }
    }
}
