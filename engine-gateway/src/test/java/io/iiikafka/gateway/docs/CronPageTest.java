package io.iiikafka.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Every call that the page shows gives the reply that it shows. */
class CronPageTest {

    private static final Pattern CALL = Pattern.compile("^(\\w+::[\\w:]+) (\\{.*})\\n  → (.*)$", Pattern.MULTILINE);

    @Test
    void shouldGiveTheRepliesThatThePageShows() throws IOException {
        List<MatchResult> calls = CALL.matcher(Files.readString(Path.of("..", "docs", "cron.md"))).results().toList();
        assertThat(calls).hasSizeGreaterThanOrEqualTo(5);
        try (TestEngine engine = TestEngine.start();
                RawWorker worker = engine.worker("reader-of-the-page")) {
            for (MatchResult call : calls) {
                // A new schedule is listed as soon as the keeper's catalog has it.
                Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                    JsonNode reply = worker.call(call.group(1), call.group(2));
                    assertThat(reply.get("error")).as(call.group()).isNull();
                    assertThat(Shown.is(call.group(3), reply.path("result")))
                            .as(call.group() + "\nbut came " + reply)
                            .isTrue();
                });
            }
        }
    }
}
