package io.iiikafka.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.StreamPeer;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who joins a long group is shown it in one sync, though the keeper gives it page by page while others write. */
class StreamLongGroupsTest {

    private static final int ITEMS = 5_000;
    private static final int WRITES = 100;

    private static TestEngine engine;
    private static RawWorker worker;

    private final String stream = "s-" + UUID.randomUUID();
    private final String group = "\"stream_name\":\"" + stream + "\",\"group_id\":\"g\"";

    @BeforeAll
    static void start() {
        engine = TestEngine.shared();
        worker = engine.worker("long");
    }

    @AfterAll
    static void stop() {
        worker.close();
        engine.close();
    }

    private static String value(int item, int n) {
        return "{\"item\":" + item + ",\"n\":" + n + "}";
    }

    /** Items that were set from the last to the first. */
    private void fill() {
        for (int first = ITEMS - 1; first >= 0; first -= WRITES) {
            int last = first;
            String writes = IntStream.range(0, WRITES)
                    .map(back -> last - back)
                    .mapToObj(item -> "{\"op\":\"set\",\"item_id\":\"i" + item + "\",\"data\":" + value(item, 0) + "}")
                    .collect(Collectors.joining(","));
            worker.call("stream::transact", "{" + group + ",\"writes\":[" + writes + "]}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"id\":null", "\"from\":\"latest\",\"sync\":true"})
    void shouldMissAndDoubleNothingWhenALongGroupIsJoinedWhileItChanges(String more) throws InterruptedException {
        fill();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger written = new AtomicInteger();
        Thread writer = Thread.ofVirtual().start(() -> {
            while (!stop.get()) {
                int n = written.incrementAndGet();
                int item = n * 37 % ITEMS;
                worker.call(
                        "stream::set",
                        "{" + group + ",\"item_id\":\"i" + item + "\",\"data\":" + value(item, n) + "}");
            }
        });
        try {
            for (int round = 0; round < 5; round++) {
                try (StreamPeer peer = StreamPeer.connect(engine.gateway().streams().port(), "/")) {
                    peer.joinWith("1", stream, "g", more);
                    JsonNode data = peer.next().at("/event/data");
                    assertThat(data).hasSize(ITEMS);
                    Map<Integer, Integer> shown = new HashMap<>();
                    for (int i = 0; i < ITEMS; i++) {
                        assertThat(data.get(i).get("item").intValue()).isEqualTo(ITEMS - 1 - i);
                        shown.put(ITEMS - 1 - i, data.get(i).get("n").intValue());
                    }
                    int newest = shown.values().stream().mapToInt(n -> n).max().orElseThrow();
                    for (int n = Math.max(1, newest - ITEMS + 1); n <= newest; n++) {
                        assertThat(shown.get(n * 37 % ITEMS)).as("what write %d set", n).isGreaterThanOrEqualTo(n);
                    }
                    for (int i = 0; i < 10; i++) {
                        JsonNode event = peer.next().get("event");
                        if (!event.get("type").textValue().equals("caught_up")) {
                            assertThat(event.at("/data/n").intValue()).isEqualTo(++newest);
                        }
                    }
                }
            }
        } finally {
            stop.set(true);
            writer.join();
        }
    }
}
