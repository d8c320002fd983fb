package io.iiikafka.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

/** Every call that the page shows gives the reply that it shows; the keys that triggers take are listed. */
class EventsPageTest {

    private static final Pattern CALL = Pattern.compile("^([\\w:]+) (\\{.*})\\n  → (.*)$", Pattern.MULTILINE);

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "events.md"));
    }

    @Test
    void shouldGiveTheRepliesThatThePageShows() throws Exception {
        List<MatchResult> calls = CALL.matcher(page()).results().toList();
        assertThat(calls).hasSize(5);
        try (TestEngine engine = TestEngine.start();
                Admin admin = TestBroker.admin();
                RawWorker worker = engine.worker("reader-of-the-page")) {
            admin.createTopics(List.of(new NewTopic("erp.replies", 1, (short) 1))).all().get();
            for (MatchResult call : calls) {
                JsonNode reply = worker.call(call.group(1), call.group(2));
                assertThat(reply.get("error")).as(call.group()).isNull();
                if (call.group(3).equals("nothing")) {
                    assertThat(reply.has("result")).as(call.group()).isFalse();
                } else {
                    assertThat(Shown.is(call.group(3), reply.path("result")))
                            .as(call.group() + "\nbut came " + reply)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void shouldNameEveryKeyOfBothTriggers() throws Exception {
        String page = page();
        try (TestEngine engine = TestEngine.start();
                RawWorker worker = engine.worker("reader-of-the-keys")) {
            for (String type : List.of("subscribe", "kafka")) {
                JsonNode info = worker.call("engine::triggers::info", "{\"id\":\"" + type + "\"}").get("result");
                JsonNode keys = info.findValue("properties");
                assertThat(keys).as(info.toString()).isNotNull();
                keys.fieldNames().forEachRemaining(key -> assertThat(page).contains("`" + key + "`"));
            }
        }
    }
}
