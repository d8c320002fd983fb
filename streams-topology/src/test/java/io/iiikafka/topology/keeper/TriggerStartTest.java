package io.iiikafka.topology.keeper;

import static io.iiikafka.topology.keeper.TriggerRig.data;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.record.RoutedCall;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Triggers that begin with what happened before them (spec: state.md 12.6, stream.md 13.5). */
class TriggerStartTest {

    @TempDir
    private Path directory;

    @AutoClose
    private TriggerRig keeper;

    @BeforeEach
    void start() {
        keeper = new TriggerRig(directory);
    }

    private List<Integer> values(String pointer) {
        List<Integer> values = new ArrayList<>();
        while (!keeper.isSilent()) {
            RoutedCall attempt = keeper.attempt();
            values.add(data(attempt).at(pointer).intValue());
            if (attempt.origin() != null) {
                keeper.succeed(attempt);
            }
        }
        return values;
    }

    @Test
    void shouldTellOfTheChangesSinceARevisionOnceAndThenGoOn() {
        for (int i = 1; i <= 500; i++) {
            keeper.set("k" + i % 7, i);
        }
        keeper.trigger("state", "{\"scope\":\"s\",\"start\":{\"revision\":3},\"ordering\":\"scope\",\"include_meta\":true}");
        keeper.set("late", 501); // before the keeper has looked back
        keeper.silence();
        keeper.run(LookAround.ID, "{}");
        List<Integer> told = values("/new_value");
        keeper.set("later", 502); // in its turn
        for (int i = 0; i < 5; i++) {
            keeper.pass(20);
            told.addAll(values("/new_value"));
        }
        keeper.set("live", 503);
        told.addAll(values("/new_value"));

        assertThat(told).containsExactlyElementsOf(IntStream.rangeClosed(4, 503).boxed().toList());
        keeper.run(LookAround.ID, "{}");
        keeper.pass(20);
        keeper.silence();
    }

    @Test
    void shouldTellOfTheLogOfGroupsAndThenGoOn() {
        for (int i = 1; i <= 300; i++) {
            keeper.run("stream::set", "{\"stream_name\":\"x\",\"group_id\":\"g" + i % 2 + "\",\"item_id\":\"a\",\"data\":" + i + "}");
        }
        keeper.trigger("stream", "{\"stream_name\":\"x\",\"group_id\":\"g1\",\"start\":{\"last\":120}}");
        keeper.run(LookAround.ID, "{}");
        keeper.run("stream::set", "{\"stream_name\":\"x\",\"group_id\":\"g1\",\"item_id\":\"a\",\"data\":301}");
        keeper.pass(20);
        keeper.pass(20);
        keeper.run("stream::set", "{\"stream_name\":\"x\",\"group_id\":\"g1\",\"item_id\":\"a\",\"data\":303}");

        assertThat(values("/event/data"))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(61, 303).filter(each -> each % 2 == 1).boxed().toList().subList(0, 122));
    }

    /** Whoever registers it has the keeper look around, but that may fail. */
    @Test
    void shouldTellOfThePastAlsoWhenOnlyAnEventShowsThatTheTriggerIsThere() {
        keeper.run("stream::set", "{\"stream_name\":\"x\",\"group_id\":\"g\",\"item_id\":\"a\",\"data\":1}");
        keeper.put(new CatalogEntry.Trigger(
                null, "d", "stream", "f", "default", null, "default",
                RawJson.of("{\"stream_name\":\"x\",\"start\":\"earliest\"}"), null));
        keeper.run("stream::set", "{\"stream_name\":\"x\",\"group_id\":\"g\",\"item_id\":\"a\",\"data\":2}");
        keeper.pass(20);

        assertThat(values("/event/data")).containsExactly(1, 2);
    }
}
