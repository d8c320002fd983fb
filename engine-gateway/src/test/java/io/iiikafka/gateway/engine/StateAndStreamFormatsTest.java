package io.iiikafka.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What discovery says of functions and trigger types of state and streams (spec: state.md 2.11, 5.1.7, stream.md 2.7, 6.1.12). */
class StateAndStreamFormatsTest {

    private static TestEngine engine;
    private static RawWorker worker;

    @BeforeAll
    static void start() {
        engine = TestEngine.shared();
        worker = engine.worker("curious");
    }

    @AfterAll
    static void stop() {
        worker.close();
        engine.close();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.textValue()));
        return texts;
    }

    @ParameterizedTest
    @CsvSource({
        "state::set,scope key value,true",
        "state::get,scope key,false",
        "state::delete,scope key,false",
        "state::update,scope key ops,true",
        "state::list,scope,false",
        "state::list_groups,,true",
        "stream::set,stream_name group_id item_id data,true",
        "stream::get,stream_name group_id item_id,false",
        "stream::delete,stream_name group_id item_id,true",
        "stream::update,stream_name group_id item_id ops,true",
        "stream::list,stream_name group_id,false",
        "stream::list_groups,stream_name,false",
        "stream::list_all,,true",
        "stream::send,stream_name group_id type data,false",
    })
    void shouldShowWhatAFunctionNeedsAndGives(String function, String required, boolean answers) {
        JsonNode info = worker.call("engine::functions::info", "{\"function_id\":\"" + function + "\"}").get("result");
        JsonNode request = info.get("request_schema");
        assertThat(request.get("type").textValue()).isEqualTo("object");
        assertThat(texts(request.get("required"))).containsExactly(required == null ? new String[0] : required.split(" "));
        texts(request.get("required")).forEach(member -> assertThat(request.get("properties").has(member)).isTrue());
        assertThat(info.path("response_schema").isObject()).isEqualTo(answers);
        assertThat(info.get("namespace").textValue()).isEqualTo("default");
    }

    @ParameterizedTest
    @CsvSource({
        "state,iii-state,scope key condition_function_id,type event_type scope key old_value new_value",
        "stream,iii-stream,stream_name group_id item_id condition_function_id,type timestamp streamName groupId id event",
        "stream:join,iii-stream,stream_name condition_function_id,subscription_id stream_name group_id id context",
        "stream:leave,iii-stream,stream_name condition_function_id,subscription_id stream_name group_id id context",
    })
    void shouldShowWhatATriggerTakesAndTells(String type, String owner, String config, String payload) {
        JsonNode info = worker.call("engine::triggers::info", "{\"id\":\"" + type + "\"}").get("result");
        assertThat(info.get("worker_name").textValue()).isEqualTo(owner);
        for (String member : config.split(" ")) {
            assertThat(info.at("/configuration_schema/properties").has(member)).as(member).isTrue();
        }
        assertThat(texts(info.at("/request_schema/required"))).containsExactly(payload.split(" "));
    }
}
