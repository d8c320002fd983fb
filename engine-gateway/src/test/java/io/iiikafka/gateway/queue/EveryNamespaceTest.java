package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Built-in functions that are called from within a namespace (spec: queue.md 4.9). */
class EveryNamespaceTest {

    private static final String IN_ORDERS = ",\"namespace\":\"orders\"";

    private static TestEngine engine;
    private static RawWorker worker;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        worker = engine.connect().announce("namespaced", "\"runtime\":\"node\",\"namespace\":\"orders\"");
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static JsonNode call(String function, String data) {
        return worker.awaitResult(worker.start(function, data, IN_ORDERS));
    }

    @Test
    void shouldDefineAQueue() {
        assertThat(call("queue::define", "{\"queue\":\"q\",\"config\":{}}").get("result"))
                .hasToString("{\"queue\":\"q\",\"changed\":true}");
    }

    @Test
    void shouldPreferAFunctionOfTheNamespaceItself() {
        worker.register("emit");
        String id = worker.start("emit", "{\"topic\":\"t\",\"data\":1}", IN_ORDERS);

        JsonNode call = worker.called("emit");
        worker.answer(call, "\"own\"");
        assertThat(worker.awaitResult(id).get("result").textValue()).isEqualTo("own");
    }

    @Test
    void shouldEnqueueForAFunctionOfTheNamespaceItself() {
        worker.register("orders::ship");
        JsonNode receipt = call("iii::queue::enqueue", "{\"queue\":\"default\",\"function_id\":\"orders::ship\",\"data\":1}");
        assertThat(receipt.at("/result/messageReceiptId").isTextual()).as(receipt.toString()).isTrue();
        worker.answer(worker.called("orders::ship"), "null");
    }

    @Test
    void shouldNotFindOtherFunctionsOfTheEngine() {
        JsonNode error = call("state::get", "{\"scope\":\"s\",\"key\":\"k\"}").get("error");
        assertThat(error.get("code").textValue()).isEqualTo("function_not_found");
    }
}
