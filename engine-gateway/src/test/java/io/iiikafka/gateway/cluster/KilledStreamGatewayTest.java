package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.EngineProcess;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.StreamPeer;
import io.iiikafka.gateway.testing.TestEngine;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A gateway that is killed is survived by leave triggers for its stream sockets (spec: stream.md 5.4). */
class KilledStreamGatewayTest {

    private static final Pattern PORT = Pattern.compile("streams +ws://127\\.0\\.0\\.1:(\\d+)");

    @Test
    void shouldTellWhoLeftWhenAGatewayIsKilled() {
        try (TestEngine engine = TestEngine.start();
                EngineProcess gateway = EngineProcess.start(engine.topics().prefix(), 0, "gateway");
                RawWorker worker = engine.worker("leaves").serve("on-leave")) {
            worker.send("{\"type\":\"registertrigger\",\"id\":\"t\",\"trigger_type\":\"stream:leave\","
                    + "\"function_id\":\"on-leave\",\"config\":{}}");
            worker.call("engine::registered-triggers::list", "{}");
            StreamPeer peer = StreamPeer.connect(port(gateway), "/");
            peer.join("1", "s", "g", "i").next();
            worker.call("stream::set", "{\"stream_name\":\"s\",\"group_id\":\"g\",\"item_id\":\"i\",\"data\":1}");
            assertThat(peer.nextEvent()).isEqualTo("create 1");

            gateway.kill();

            AtomicReference<JsonNode> left = new AtomicReference<>();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(40))
                    .ignoreExceptionsInstanceOf(AssertionError.class)
                    .untilAsserted(() -> left.set(worker.next("invokefunction")));
            assertThat(left.get().get("data").toString())
                    .isEqualTo("{\"subscription_id\":\"1\",\"stream_name\":\"s\",\"group_id\":\"g\",\"id\":\"i\","
                            + "\"context\":null}");
            assertThat(worker.silentAbout("invokefunction", Duration.ofMillis(500))).isTrue();
        }
    }

    private static int port(EngineProcess gateway) {
        Awaitility.await().until(() -> PORT.matcher(gateway.output()).find());
        Matcher found = PORT.matcher(gateway.output());
        assertThat(found.find()).isTrue();
        return Integer.parseInt(found.group(1));
    }
}
