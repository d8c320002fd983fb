package io.iiikafka.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

import io.iiikafka.gateway.Endpoints;
import io.iiikafka.gateway.config.EngineConfig;
import org.junit.jupiter.api.Test;

/** The README shows what a first start prints. */
class ReadyTextTest {

    @Test
    void shouldPrintTheAddressesThatTheReadmeShows() throws IOException {
        Endpoints defaults = new Endpoints(
                "127.0.0.1:9092", 9464, List.of(49134), OptionalInt.of(3111), OptionalInt.of(3112));

        List<String> addresses = ReadyText.of(EngineConfig.of(Map.of()), defaults)
                .lines()
                .filter(line -> line.matches("  (workers|REST|streams|admin|Kafka) .*"))
                .toList();

        assertThat(addresses).hasSize(5);
        assertThat(Files.readString(Path.of("../README.md"))).contains(String.join("\n", addresses));
    }
}
