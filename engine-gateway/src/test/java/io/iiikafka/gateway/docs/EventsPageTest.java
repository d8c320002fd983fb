package io.iiikafka.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

/** Every call that the page shows gives the reply that it shows; the keys that triggers take are listed. */
class EventsPageTest {

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "events.md"));
    }

    @Test
    void shouldGiveTheRepliesThatThePageShows() throws Exception {
        try (TestEngine engine = TestEngine.start();
                Admin admin = TestBroker.admin();
                RawWorker worker = engine.worker("reader-of-the-page")) {
            if (!admin.listTopics().names().get().contains("erp.replies")) { // it stays when the test is run again
                admin.createTopics(List.of(new NewTopic("erp.replies", 1, (short) 1))).all().get();
            }
            assertThat(Shown.play(page(), worker)).isEqualTo(6);
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
