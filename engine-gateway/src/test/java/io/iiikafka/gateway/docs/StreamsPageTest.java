package io.iiikafka.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.StreamPeer;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What clients say on the page is answered as the page shows. */
class StreamsPageTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern SESSION = Pattern.compile("```session\\n(.*?)\\n```", Pattern.DOTALL);

    private static TestEngine engine;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @Test
    void shouldAnswerAsThePageShows() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "streams.md"));
        List<MatchResult> sessions = SESSION.matcher(page).results().toList();
        assertThat(sessions).hasSizeGreaterThan(3);
        try (RawWorker worker = engine.worker("reader-of-the-page").serve("guard")) {
            worker.send("{\"type\":\"registertrigger\",\"id\":\"guard\",\"trigger_type\":\"stream:join\","
                    + "\"function_id\":\"guard\",\"config\":{\"stream_name\":\"jobs\"}}");
            worker.call("engine::registered-triggers::list", "{}");
            for (MatchResult session : sessions) {
                try (StreamPeer peer = StreamPeer.connect(engine.gateway().streams().port(), "/")) {
                    new Session(worker, peer).run(session.group(1).lines().toList());
                }
            }
        }
    }

    private static final class Session {

        private final RawWorker worker;
        private final StreamPeer peer;
        private JsonNode reply = JSON.nullNode();
        private String delivery = "";

        Session(RawWorker worker, StreamPeer peer) {
            this.worker = worker;
            this.peer = peer;
        }

        void run(List<String> lines) {
            for (String line : lines) {
                if (line.startsWith("→ ")) {
                    say(line.substring(2).replace("[deliveryId]", "[" + delivery + "]"));
                } else if (line.startsWith("← ")) {
                    hear(line);
                } else if (line.startsWith("  → ")) {
                    assertThat(Shown.is(line.substring(4), reply.path("result"))).as("%s%nbut came %s", line, reply).isTrue();
                } else {
                    int space = line.indexOf(' ');
                    reply = worker.call(line.substring(0, space), line.substring(space + 1));
                    assertThat(reply.has("error")).as("%s%n%s", line, reply).isFalse();
                }
            }
        }

        private void say(String message) {
            peer.send(message);
            if (message.contains("consumerGroup")) {
                worker.answer(worker.next("invokefunction"), "{\"unauthorized\":false}");
            }
        }

        private void hear(String line) {
            JsonNode frame = peer.next();
            delivery = frame.path("deliveryId").toString();
            assertThat(Shown.is(line.substring(2), frame)).as("%s%nbut came %s", line, frame).isTrue();
        }
    }
}
