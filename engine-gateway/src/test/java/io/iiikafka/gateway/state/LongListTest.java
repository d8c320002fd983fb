package io.iiikafka.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.testing.TestRun;
import io.iiikafka.topology.keeper.state.StateSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Scopes of many keys (spec: state.md 1.7, 3.5, 6.8). */
class LongListTest {

    private static final int KEYS = TestRun.times(10_000, 100_000);
    private static final int MAX_PAYLOAD = 4 << 20;

    private static TestEngine engine;

    @BeforeAll
    static void start() {
        engine = TestEngine.start(new StateSettings(List.of("sharded"), true, OptionalLong.empty(), false, MAX_PAYLOAD));
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static void fill(RawWorker worker, String scope, int keys, String value) {
        List<String> calls = new ArrayList<>();
        for (int first = 0; first < keys; first += 100) {
            StringBuilder writes = new StringBuilder();
            for (int i = first; i < Math.min(keys, first + 100); i++) {
                writes.append(i == first ? "" : ",")
                        .append("{\"op\":\"set\",\"key\":\"k").append(i).append("\",\"value\":")
                        .append(value.isEmpty() ? i : value).append('}');
            }
            calls.add(worker.start("state::transact", "{\"scope\":\"" + scope + "\",\"writes\":[" + writes + "]}"));
        }
        calls.forEach(call -> assertThat(worker.awaitResult(call).at("/result/committed").booleanValue()).isTrue());
    }

    @Test
    void shouldServeOthersWhileALongListIsReadAndListItAsItWas() {
        try (RawWorker worker = engine.worker("lists");
                RawWorker other = engine.worker("other")) {
            List<Listed> all = new ArrayList<>();
            // If this thread does not get its turn for a moment, the list is done meanwhile.
            for (int round = 0; round < 5 && all.stream().noneMatch(Listed::isAsItWasBesideOthers); round++) {
                fill(worker, "long" + round, KEYS, "");
                all.add(listWhileItChanges(worker, other, "long" + round));
            }
            assertThat(all).anyMatch(Listed::isAsItWasBesideOthers);
        }
    }

    /**
     * @param meanwhile calls answered while it was read
     * @param changedBefore how many of their changes it shows
     */
    private record Listed(int meanwhile, int changedBefore) {

        boolean isAsItWasBesideOthers() {
            return meanwhile > KEYS / 1_000 && changedBefore <= 1;
        }
    }

    private static Listed listWhileItChanges(RawWorker worker, RawWorker other, String scope) {
        String list = worker.start("state::list", "{\"scope\":\"" + scope + "\"}");
        int meanwhile = 0;
        Optional<JsonNode> result = Optional.empty();
        while (result.isEmpty()) {
            JsonNode changed = other.call(
                    "state::set",
                    "{\"scope\":\"" + scope + "\",\"key\":\"k" + (KEYS - 1 - meanwhile) + "\",\"value\":-1}");
            assertThat(changed.at("/result/new_value").intValue()).isEqualTo(-1);
            meanwhile++;
            result = worker.pollResult(list, Duration.ofMillis(1));
        }
        JsonNode values = result.get().get("result");
        assertThat(values).hasSize(KEYS);
        int changedBefore = 0;
        for (int i = 0; i < KEYS; i++) {
            changedBefore += values.get(i).intValue() == -1 ? 1 : 0;
            assertThat(values.get(i).intValue()).isIn(i, -1);
        }
        return new Listed(meanwhile, changedBefore);
    }

    @Test
    void shouldServeOthersWhileAForkThatHoldsMuchIsDropped() {
        try (RawWorker worker = engine.worker("forks");
                RawWorker other = engine.worker("other")) {
            worker.call("state::set", "{\"scope\":\"forked\",\"key\":\"k\",\"value\":1}");
            worker.call("state::fork", "{\"scope\":\"forked\",\"name\":\"f\"}");
            fill(worker, "forked@f", KEYS, "");
            assertThat(worker.call("state::drop_fork", "{\"scope\":\"forked@f\"}").at("/result/dropped").booleanValue())
                    .isTrue();
            int meanwhile = 0;
            while (worker.call("state::fork", "{\"scope\":\"forked\",\"name\":\"f\"}").has("error")) {
                assertThat(other.call("state::set", "{\"scope\":\"forked\",\"key\":\"k\",\"value\":2}").has("result"))
                        .isTrue();
                meanwhile++;
            }
            assertThat(meanwhile).as("calls answered meanwhile").isGreaterThan(3);
            assertThat(worker.call("state::list", "{\"scope\":\"forked@f\"}").get("result")).hasToString("[2]");
        }
    }

    @Test
    void shouldReadAnyPartOfALongList() {
        try (RawWorker worker = engine.worker("parts")) {
            fill(worker, "parts", KEYS, "");
            assertThat(worker.call("state::list", "{\"scope\":\"parts\",\"after\":\"k7000\",\"limit\":2}").get("result"))
                    .hasToString("[7001,7002]");
            assertThat(worker.call("state::list_keys", "{\"scope\":\"parts\"}").at("/result/keys")).hasSize(KEYS);
        }
    }

    @Test
    void shouldSayWhatToDoWhenAListDoesNotFit() {
        try (RawWorker worker = engine.worker("large")) {
            fill(worker, "large", 1_000, "\"" + "x".repeat(10_000) + "\"");
            JsonNode error = worker.call("state::list", "{\"scope\":\"large\"}").get("error");
            assertThat(error.get("code").textValue()).isEqualTo("payload_too_large");
            assertThat(error.get("message").textValue()).contains("`limit`", "state::list_entries");
            assertThat(worker.call("state::list", "{\"scope\":\"large\",\"limit\":100}").get("result")).hasSize(100);
        }
    }

    @Test
    void shouldGiveALongScopePageByPageAsItWas() {
        try (RawWorker worker = engine.worker("pages")) {
            fill(worker, "pages", 3_000, "\"" + "x".repeat(5_000) + "\"");
            List<String> keys = new ArrayList<>();
            JsonNode page = worker.call("state::list_entries", "{\"scope\":\"pages\",\"limit\":700}").get("result");
            while (true) {
                assertThat(page.get("offset").intValue()).isEqualTo(keys.size());
                assertThat(page.get("total").intValue()).isEqualTo(3_000);
                page.get("entries").forEach(entry -> {
                    assertThat(entry.get(1).textValue()).hasSize(5_000);
                    keys.add(entry.get(0).textValue());
                });
                if (page.get("done").booleanValue()) {
                    break;
                }
                worker.call("state::set", "{\"scope\":\"pages\",\"key\":\"k2900\",\"value\":1}");
                worker.call("state::delete", "{\"scope\":\"pages\",\"key\":\"k2950\"}");
                page = worker.call("state::list_entries", "{\"scope\":\"pages\",\"limit\":700,\"cursor\":"
                                + page.get("next_cursor") + "}")
                        .get("result");
            }
            assertThat(keys).hasSize(3_000).doesNotHaveDuplicates().last().isEqualTo("k2999");
        }
    }

    /** Its partition is that of the name before the {@code @}; of eight scopes some would be elsewhere by their whole name. */
    @Test
    void shouldGiveALongScopePageByPageWhoseNameHasAnAt() {
        try (RawWorker worker = engine.worker("at")) {
            for (int i = 0; i < 8; i++) {
                String scope = "user" + i + "@example.com";
                fill(worker, scope, 600, "");
                JsonNode page =
                        worker.call("state::list_entries", "{\"scope\":\"" + scope + "\",\"limit\":700}");
                assertThat(page.at("/result/entries")).as("%s: %s", scope, page).hasSize(600);
                assertThat(page.at("/result/total").intValue()).isEqualTo(600);
            }
        }
    }

    @Test
    void shouldMergeTheLongListsOfAllPartitions() {
        try (RawWorker worker = engine.worker("sharded")) {
            List<String> calls = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                calls.add(worker.start(
                        "state::set", "{\"scope\":\"sharded\",\"key\":\"k" + i + "\",\"value\":" + i + "}"));
            }
            calls.forEach(worker::awaitResult);
            assertThat(worker.call("state::list", "{\"scope\":\"sharded\"}").get("result")).hasSize(2_000);
            assertThat(worker.call("state::list_keys", "{\"scope\":\"sharded\",\"limit\":700}").at("/result/keys"))
                    .hasSize(700);
        }
    }

    @Test
    void shouldBeginAnewWhenTheKeeperIsRestartedMeanwhile() {
        try (RawWorker worker = engine.worker("restarted")) {
            fill(worker, "restarted", KEYS, "");
            String list = worker.start("state::list", "{\"scope\":\"restarted\"}");
            engine.restartKeeper(true);
            assertThat(worker.pollResult(list, Duration.ofSeconds(30)).orElseThrow().get("result")).hasSize(KEYS);
        }
    }
}
