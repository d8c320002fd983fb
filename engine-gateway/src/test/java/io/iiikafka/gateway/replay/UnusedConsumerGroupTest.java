package io.iiikafka.gateway.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import io.iiikafka.gateway.testing.EngineProcess;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestBroker;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What nobody consumes any more is forgotten, on all partitions (spec: stream.md 13.4, guarantee 5). */
class UnusedConsumerGroupTest {

    private static final String NAMES = "{\"stream_name\":\"s\",\"consumer_group\":\"c\"";

    @Test
    void shouldRemoveAConsumerGroupThatNobodyUses() {
        try (EngineProcess engine = EngineProcess.startWith(
                        TestBroker.freshPrefix(), "--set=stream.replay.consumer_group_ttl_ms=15s");
                RawWorker worker = RawWorker.connect(engine.url()).announce("worker")) {
            for (int group = 0; group < 8; group++) {
                worker.call("stream::send", "{\"stream_name\":\"s\",\"group_id\":\"g" + group + "\",\"type\":\"t\",\"data\":1}");
            }
            worker.call("stream::consume", NAMES + ",\"start\":\"earliest\"}");
            assertThat(groups(worker)).contains("\"g0\"", "\"g7\"");

            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> groups(worker).equals("[]"));
        }
    }

    private static String groups(RawWorker worker) {
        return worker.call("stream::consumer_groups", NAMES + "}").at("/result/consumer_groups").toString();
    }
}
