package io.iiikafka.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.config.ConfigInput;
import io.iiikafka.gateway.config.ConfigLoader;
import io.iiikafka.gateway.config.EngineConfig;
import io.iiikafka.gateway.queue.QueueDefinition;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.Test;

/** Every call that the page shows gives the reply that it shows; the keys that it lists are those that are known. */
class QueuesPageTest {

    private static final Pattern ENQUEUE = Pattern.compile("^([\\w:]+) (\\{.*}) queue (\\w+)\\n  → (.*)$", Pattern.MULTILINE);
    private static final Pattern YAML = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "queues.md"));
    }

    @Test
    void shouldGiveTheRepliesThatThePageShows() throws IOException {
        try (TestEngine engine = TestEngine.start();
                RawWorker worker = engine.worker("reader-of-the-page")) {
            assertThat(Shown.play(page(), worker)).isGreaterThan(8);
            MatchResult refused = ENQUEUE.matcher(page()).results().findFirst().orElseThrow();
            JsonNode error = worker.awaitResult(worker.start(
                            refused.group(1),
                            refused.group(2),
                            ",\"action\":{\"type\":\"enqueue\",\"queue\":\"" + refused.group(3) + "\"}"))
                    .get("error");
            assertThat(error.get("code").textValue() + ": " + error.get("message").textValue())
                    .isEqualTo(refused.group(4));
        }
    }

    @Test
    void shouldShowAFileThatIsTaken() throws IOException {
        String yaml = YAML.matcher(page()).results().findFirst().orElseThrow().group(1);
        Path file = Files.createTempDirectory("page-").resolve("config.yaml");
        Files.writeString(file, yaml);
        EngineConfig config = ConfigLoader.load(new ConfigInput(Optional.of(file), Map.of(), Map.of()))
                .config();
        assertThat(config.queues().queues().get("payments").maxAttempts()).isEqualTo(10);
        assertThat(config.queues().queues().get("mails").maxAttempts()).isEqualTo(3);
    }

    @Test
    void shouldNameEveryKeyOfAQueue() throws IOException {
        String page = page();
        assertThat(QueueDefinition.keys()).allSatisfy(key -> assertThat(page).contains("`" + key + "`"));
    }
}
