package io.iiikafka.sdk;

import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@Timeout(30)
class OptionsTest {

    @ParameterizedTest
    @CsvSource({
        "http://localhost:49134, not a WebSocket address: http://localhost:49134",
        "localhost:49134, not a WebSocket address: localhost:49134",
        "ws:///path, not a WebSocket address: ws:///path",
        "ws://my_engine:49134, my_engine:49134 is no host name",
        "ws://me:secret@localhost:49134, send them as a header",
        "ws://me:secret@my_engine:49134, send them as a header"
    })
    void shouldSayWhatIsWrongWithAnAddressAndKeepItsSecrets(URI address, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Iii.connect(address))
                .withMessageContaining(message)
                .satisfies(e -> assertThat(e).message().doesNotContain("secret"));
    }

    static List<UnaryOperator<WorkerOptionsBuilder>> mistakes() {
        return List.of(
                options -> options.callTimeout(Duration.ZERO),
                options -> options.connectTimeout(Duration.ofMillis(-1)),
                options -> options.pingInterval(Duration.ZERO),
                options -> options.idleTimeout(Duration.ZERO),
                options -> options.maxMessageBytes(0));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void shouldRefuseOptionsThatCannotWork(UnaryOperator<WorkerOptionsBuilder> mistake) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mistake.apply(WorkerOptions.builder()).build())
                .withMessageContaining(": give ");
    }

    @Test
    void shouldTakeForeverForATimeLimit() throws Exception {
        Duration forever = ChronoUnit.FOREVER.getDuration();
        FakeEngine engine = new FakeEngine();
        WorkerOptions options = WorkerOptions.builder()
                .name("patient")
                .keepAlive(false)
                .callTimeout(forever)
                .connectTimeout(forever)
                .closeTimeout(forever)
                .pingInterval(forever)
                .idleTimeout(forever)
                .build();
        try (Worker worker = Iii.connect(engine.address(), options)) {
            worker.awaitConnected(forever);
            worker.function("echo", json -> json);

            assertThat(worker.trigger("echo", 1)).hasToString("1");
            assertThat(worker.triggerAsync("echo", 2, Integer.class))
                    .succeedsWithin(Duration.ofSeconds(5))
                    .isEqualTo(2);
        } finally {
            engine.close();
        }
    }
}
