package io.iiikafka.topology.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.queue.QueueSettings;
import io.iiikafka.topology.record.RoutedCall;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs and messages that leave with a transaction of state (spec: queue.md 12.6). */
class StateOutboxTest {

    @TempDir
    private Path directory;

    @AutoClose
    private TriggerRig keeper;

    @BeforeEach
    void start() {
        keeper = new TriggerRig(directory);
        keeper.put(new CatalogEntry.Subscription(
                "t", "default", "f", "f", null, null, QueueSettings.DEFAULT));
    }

    private JsonNode transact(String members) {
        return keeper.ask("state::transact", "{\"scope\":\"s\"," + members + "}");
    }

    private static final String WRITES = "\"writes\":[{\"op\":\"set\",\"key\":\"a\",\"value\":1},"
            + "{\"op\":\"enqueue\",\"queue\":\"default\",\"function_id\":\"f\",\"data\":{\"job\":1},\"metadata\":{\"m\":2}},"
            + "{\"op\":\"publish\",\"topic\":\"t\",\"data\":{\"message\":1}}]";

    @Test
    void shouldSendJobsAndMessagesWithTheChanges() {
        JsonNode answer = transact(WRITES);
        assertThat(answer.get("committed").booleanValue()).isTrue();
        assertThat(answer.get("results").get(0).get("new_value").intValue()).isEqualTo(1);
        String receipt = answer.get("results").get(1).get("messageReceiptId").textValue();
        assertThat(answer.get("results").get(2)).hasToString("{\"topic\":\"t\"}");
        RoutedCall job = keeper.attempt();
        assertThat(job.call().data()).hasToString("{\"job\":1}");
        assertThat(job.call().metadata()).hasToString("{\"m\":2}");
        assertThat(keeper.ask("iii::queue::job", "{\"queue\":\"default\",\"message_id\":\"" + receipt + "\"}")
                        .get("status")
                        .textValue())
                .isEqualTo("active");
        assertThat(keeper.attempt().call().data()).hasToString("{\"message\":1}");
        keeper.silence();
    }

    @Test
    void shouldSendNothingWhenTheTransactionIsNotCommitted() {
        assertThat(transact("\"checks\":[{\"key\":\"a\",\"exists\":true}]," + WRITES).get("committed").booleanValue())
                .isFalse();
        keeper.ask("state::set", "{\"scope\":\"s\",\"key\":\"text\",\"value\":\"x\"}");
        String spoilt = WRITES.replace("\"writes\":[", "\"all_or_nothing\":true,\"writes\":[")
                .replace("}]", "},{\"op\":\"update\",\"key\":\"text\",\"ops\":"
                        + "[{\"type\":\"increment\",\"path\":\"x\",\"by\":1}]}]");
        assertThat(transact(spoilt).get("committed").booleanValue()).isFalse();
        keeper.silence();
    }

    @Test
    void shouldSendOnceWhenTheTransactionIsRepeated() {
        String repeatable = "\"idempotency_key\":\"k\"," + WRITES;
        JsonNode first = transact(repeatable);
        assertThat(transact(repeatable)).isEqualTo(first);
        keeper.succeed(keeper.attempt());
        keeper.succeed(keeper.attempt());
        keeper.silence();
    }

    @Test
    void shouldRefuseTheWholeWhenAQueueWouldNotTakeIt() {
        keeper.put(new CatalogEntry.Queue(
                "grouped",
                true,
                new QueueSettings(
                        true, "g", 1, 2, 50, true, 3_600_000, 0, 1_800_000, 0, 0, 3, List.of(), null, null, null,
                        null, false, 0)));
        assertThat(transact(WRITES.replace("default", "nowhere")).get("message").textValue())
                .isEqualTo("Queue 'nowhere' not found");
        assertThat(transact(WRITES.replace("default", "grouped")).get("code").textValue()).isEqualTo("enqueue_error");
        assertThat(transact(WRITES.replace("\"t\"", "\"\"")).get("code").textValue()).isEqualTo("topic_not_set");
        assertThat(transact(WRITES.replace("\"metadata\"", "\"meta\"")).get("message").textValue()).contains("meta");
        assertThat(transact(WRITES.replace("\"metadata\":{\"m\":2}", "\"options\":{\"priority\":10}"))
                        .get("message")
                        .textValue())
                .contains("priority");
        assertThat(keeper.ask("state::get", "{\"scope\":\"s\",\"key\":\"a\"}").isNull()).isTrue();
        keeper.silence();
    }
}
