package io.iiikafka.topology.keeper;

import static io.iiikafka.topology.keeper.TriggerRig.data;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.iiikafka.topology.record.RoutedCall;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Triggers that tell several events in one call (spec: stream.md 13.5). */
class TriggerBatchTest {

    @TempDir
    private Path directory;

    @AutoClose
    private TriggerRig keeper;

    @BeforeEach
    void start() {
        keeper = new TriggerRig(directory);
    }

    private void streamSet(String item, int value) {
        keeper.run(
                "stream::set",
                "{\"stream_name\":\"x\",\"group_id\":\"g\",\"item_id\":\"" + item + "\",\"data\":" + value + "}");
    }

    private static List<Integer> batch(RoutedCall attempt) {
        assertThat(data(attempt).get("type").textValue()).isEqualTo("stream_batch");
        List<Integer> values = new ArrayList<>();
        data(attempt).get("events").forEach(event -> values.add(event.at("/event/data").intValue()));
        return values;
    }

    @Test
    void shouldTellEventsInBatches() {
        keeper.serve("dead");
        keeper.trigger(
                "stream",
                "{\"stream_name\":\"x\",\"delivery\":\"at_least_once\",\"batch\":{\"max_events\":3,\"max_wait_ms\":500},"
                        + "\"retry\":{\"max_attempts\":2},\"dead_letter_function_id\":\"dead\"}");
        streamSet("a", 1);
        streamSet("a", 2);
        keeper.silence();
        streamSet("b", 3);
        RoutedCall full = keeper.attempt();
        assertThat(batch(full)).containsExactly(1, 2, 3);
        streamSet("a", 4);
        streamSet("c", 5);
        streamSet("c", 6);
        keeper.pass(500);
        RoutedCall late = keeper.attempt();
        assertThat(batch(late)).containsExactly(5, 6); // the next of a waits for those before it
        keeper.succeed(late);
        keeper.fail(full);
        keeper.pass(1_000);
        RoutedCall again = keeper.attempt();
        assertThat(batch(again)).containsExactly(1, 2, 3);
        keeper.fail(again);
        assertThat(List.of(keeper.attempt(), keeper.attempt(), keeper.attempt()))
                .extracting(each -> each.call().functionId())
                .containsOnly("dead");
        RoutedCall rest = keeper.attempt();
        assertThat(batch(rest)).containsExactly(4);
        keeper.succeed(rest);
        keeper.silence();
    }

    @Test
    void shouldKeepBatchesSmallEnoughForARecord() {
        keeper.trigger("stream", "{\"stream_name\":\"x\",\"batch\":{\"max_events\":3,\"max_wait_ms\":0},\"max_in_flight\":1}");
        String large = "\"" + "x".repeat(600_000) + "\"";
        for (int i = 0; i < 3; i++) {
            keeper.run("stream::set", "{\"stream_name\":\"x\",\"group_id\":\"g\",\"item_id\":\"a" + i + "\",\"data\":" + large + "}");
        }
        for (int i = 0; i < 3; i++) {
            RoutedCall one = keeper.attempt();
            assertThat(data(one).get("events")).hasSize(1);
            keeper.succeed(one);
        }
        keeper.silence();
    }
}
