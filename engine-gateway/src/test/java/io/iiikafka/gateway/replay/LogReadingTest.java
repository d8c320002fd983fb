package io.iiikafka.gateway.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code stream::read} by bare frames, through two gateways (spec: stream.md 13.3). */
class LogReadingTest {

    private static TestEngine engine;
    private static RawWorker writer;
    private static RawWorker reader;

    private final String stream = "log-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        writer = engine.worker("writer");
        reader = engine.worker(engine.addGateway(), "reader");
    }

    @AfterAll
    static void stop() {
        writer.close();
        reader.close();
        engine.close();
    }

    private String group(String members) {
        return "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\"" + members + "}";
    }

    private static List<Integer> offsets(JsonNode answer) {
        List<Integer> offsets = new ArrayList<>();
        answer.at("/result/events").forEach(event -> offsets.add(event.path("offset").intValue()));
        return offsets;
    }

    @Test
    void shouldReadTheWholeLogPageByPageWhileItGrowsAndTheKeeperRestarts() {
        int events = 300;
        IntStream.range(0, events).forEach(n -> writer.start("stream::send", group(",\"type\":\"t\",\"data\":" + n)));
        List<Integer> seen = new ArrayList<>();
        int next = 1;
        while (seen.size() < events) {
            if (seen.size() > 100 && seen.size() < 200) {
                engine.restartKeeper(false);
            }
            JsonNode page = reader.call(
                    "stream::read",
                    group(",\"from\":{\"offset\":" + next + "},\"limit\":100,\"wait_ms\":5000"));
            seen.addAll(offsets(page));
            next = page.at("/result/next_offset").intValue();
        }
        assertThat(seen).containsExactlyElementsOf(IntStream.rangeClosed(1, events).boxed().toList());
    }

    @Test
    void shouldWaitForTheNextEventAndNoLonger() {
        String waiting = reader.start("stream::read", group(",\"from\":\"latest\",\"wait_ms\":20000"));
        assertThat(reader.pollResult(waiting, Duration.ofMillis(500))).isEmpty();
        writer.call("stream::send", group(",\"type\":\"t\",\"data\":1"));
        long sentAt = System.nanoTime();
        assertThat(offsets(reader.awaitResult(waiting))).containsExactly(1);
        assertThat(Duration.ofNanos(System.nanoTime() - sentAt)).isLessThan(Duration.ofSeconds(9));

        JsonNode nothing = reader.call("stream::read", group(",\"from\":\"latest\",\"wait_ms\":300"));
        assertThat(nothing.at("/result/events")).isEmpty();
        assertThat(nothing.at("/result/next_offset").intValue()).isEqualTo(2);
    }

    @Test
    void shouldFindTheOneEventOfAnItemFarBehindOthers() {
        IntStream.range(0, 6_000).forEach(n -> writer.start("stream::send", group(",\"type\":\"t\",\"data\":0"), ",\"action\":{\"type\":\"void\"}"));
        writer.call("stream::set", group(",\"item_id\":\"needle\",\"data\":1"));

        assertThat(offsets(reader.call("stream::read", group(",\"item_id\":\"needle\"")))).containsExactly(6_001);
        assertThat(reader.call("stream::read", group(",\"item_id\":\"none\"")).at("/result/end").booleanValue())
                .isTrue();
    }

    @Test
    void shouldAnswerOthersWhileALongPastIsLookedThrough() {
        List<String> calls = new ArrayList<>();
        for (int first = 0; first < 40_000; first += 100) {
            StringBuilder writes = new StringBuilder();
            for (int i = first; i < first + 100; i++) {
                writes.append(i == first ? "" : ",").append("{\"op\":\"set\",\"item_id\":\"i").append(i % 20_000)
                        .append("\",\"data\":").append(i).append('}');
            }
            calls.add(writer.start("stream::transact", group(",\"writes\":[" + writes + "]")));
        }
        calls.forEach(call -> assertThat(writer.awaitResult(call).at("/result/committed").booleanValue()).isTrue());

        String past = reader.start("stream::get_at", group(",\"offset\":30000"));
        int meanwhile = 0;
        Optional<JsonNode> found = Optional.empty();
        while (found.isEmpty()) {
            writer.call("stream::set", group(",\"item_id\":\"i1\",\"data\":-1"));
            meanwhile++;
            found = reader.pollResult(past, Duration.ofMillis(1));
        }
        assertThat(meanwhile).as("calls answered meanwhile").isGreaterThan(10);
        JsonNode values = found.get().at("/result/values");
        assertThat(values).hasSize(20_000);
        assertThat(values.get(1)).hasToString("{\"id\":\"i1\",\"value\":20001}");
        assertThat(values.get(19_999)).hasToString("{\"id\":\"i19999\",\"value\":19999}");
        assertThat(reader.call("stream::get_at", group(",\"item_id\":\"i2\",\"offset\":10000")).get("result"))
                .hasToString("{\"value\":2,\"exists\":true,\"offset\":10000}");
    }
}
