package io.iiikafka.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.StreamPeer;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Null and missing, names and shapes: replies and the frames beside them (spec: stream.md 1 to 3, 7.4). */
class StreamItemsTest {

    @AutoClose
    private static TestEngine engine;

    @AutoClose
    private static RawWorker worker;

    private final String stream = "s-" + UUID.randomUUID();
    private StreamPeer peer;

    @BeforeAll
    static void start() {
        engine = TestEngine.shared();
        worker = engine.worker("items");
    }

    @BeforeEach
    void join() {
        peer = StreamPeer.connect(engine.gateway().streams().port(), "/");
        peer.join("1", stream, "g", null).next();
    }

    @AfterEach
    void leave() {
        peer.close();
    }

    private String address(String members) {
        return "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\"" + members + "}";
    }

    private JsonNode call(String function, String members) {
        return worker.call("stream::" + function, address(members));
    }

    private String result(String function, String members) {
        return String.valueOf(call(function, members).get("result"));
    }

    @Test
    void shouldTakeAStoredNullForAnItemThatIsThere() {
        assertThat(call("get", ",\"item_id\":\"i\"").has("result")).isFalse();
        assertThat(result("set", ",\"item_id\":\"i\",\"data\":null")).isEqualTo("{\"old_value\":null,\"new_value\":null}");
        assertThat(result("get", ",\"item_id\":\"i\"")).isEqualTo("null");
        assertThat(result("list", "")).isEqualTo("[null]");
        result("set", ",\"item_id\":\"i\",\"data\":null");
        assertThat(result("delete", ",\"item_id\":\"i\"")).isEqualTo("{\"old_value\":null}");
        assertThat(result("delete", ",\"item_id\":\"i\"")).isEqualTo("{\"old_value\":null}");
        result("send", ",\"type\":\"last\",\"data\":0");

        assertThat(List.of(peer.nextEvent(), peer.nextEvent(), peer.nextEvent(), peer.nextEvent()))
                .containsExactly("create null", "update null", "delete null", "event {\"type\":\"last\",\"data\":0}");
    }

    @Test
    void shouldTellOfAnUpdateOnceWithTheFinalValueAlsoWhenNothingChanged() {
        assertThat(result("update", ",\"item_id\":\"i\",\"ops\":[]")).isEqualTo("{\"old_value\":null,\"new_value\":{}}");
        JsonNode reply = call("update", ",\"item_id\":\"i\",\"ops\":[{\"type\":\"set\",\"path\":\"a\",\"value\":1},"
                + "{\"type\":\"remove\",\"path\":\"constructor\"},{\"type\":\"increment\",\"path\":\"a\",\"by\":1}]");
        assertThat(reply.at("/result/errors").size()).isEqualTo(1);
        assertThat(reply.at("/result/errors/0/op_index").intValue()).isEqualTo(1);
        assertThat(result("set", ",\"item_id\":\"i\",\"data\":{\"a\":2}")).doesNotContain("errors");

        assertThat(List.of(peer.nextEvent(), peer.nextEvent(), peer.nextEvent()))
                .containsExactly("create {}", "update {\"a\":2}", "update {\"a\":2}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set|,\"item_id\":\"i\",\"value\":1",
                "set|,\"key\":\"i\",\"data\":1",
                "set|,\"item_id\":null,\"data\":1",
                "update|,\"item_id\":\"i\",\"ops\":[{\"type\":\"set\",\"path\":\"a\",\"value\":1},{\"type\":\"nope\"}]",
                "delete|",
                "get|,\"item_id\":7",
                "send|,\"type\":\"t\"",
                "send|,\"type\":5,\"data\":1",
                "send|,\"type\":\"t\",\"data\":1,\"id\":5",
            })
    void shouldRefuseWhatDoesNotFitAndTellNobody(String call) {
        String[] parts = call.split("\\|", 2);
        JsonNode refused = call(parts[0], parts[1]);
        assertThat(refused.at("/error/code").textValue()).isEqualTo("deserialization_error");
        assertThat(refused.at("/error/message").textValue())
                .startsWith("Failed to deserialize input for stream::" + parts[0] + ": ");
        assertThat(refused.get("error").hasNonNull("stacktrace")).isFalse();
        result("send", ",\"type\":\"last\",\"data\":0");
        assertThat(peer.nextEvent()).startsWith("event");
        assertThat(result("list", "")).isEqualTo("[]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "get_group", "exists", "subscribe", "replay"})
    void shouldNotKnowFunctionsThatDoNotExist(String function) {
        assertThat(call(function, "").at("/error/code").textValue()).isEqualTo("function_not_found");
    }

    @Test
    void shouldKeepItemsApartFromStateOfTheSameName() {
        result("set", ",\"item_id\":\"i\",\"data\":1");
        worker.call("state::set", "{\"scope\":\"" + stream + "\",\"key\":\"i\",\"value\":2}");
        worker.call("state::set", "{\"scope\":\"g\",\"key\":\"i\",\"value\":3}");
        assertThat(result("get", ",\"item_id\":\"i\"")).isEqualTo("1");
        assertThat(worker.call("state::list", "{\"scope\":\"" + stream + "\"}").get("result").toString()).isEqualTo("[2]");
    }

    @Test
    void shouldShareStreamsAmongNamespaces() {
        try (RawWorker team = engine.connect().announce("team", "\"namespace\":\"team-" + stream + "\"")) {
            team.call("stream::set", address(",\"item_id\":\"i\",\"data\":1"));
        }
        assertThat(result("get", ",\"item_id\":\"i\"")).isEqualTo("1");
    }

    @Test
    void shouldListStreamsUnderTheirTrueNamesInOrder() {
        List<String> names = List.of(stream + ":b", stream, stream + "::events");
        for (String name : names) {
            worker.call("stream::set", "{\"stream_name\":\"" + name + "\",\"group_id\":\"b:g\",\"item_id\":\"i\",\"data\":1}");
        }
        JsonNode all = worker.call("stream::list_all", "{}").get("result");
        List<String> listed = new ArrayList<>();
        all.get("stream").forEach(each -> listed.add(each.get("id").textValue()));
        assertThat(listed).isSorted();
        assertThat(all.get("count").intValue()).isEqualTo(listed.size());
        assertThat(listed).containsSubsequence(stream, stream + "::events", stream + ":b");
        assertThat(worker.call("stream::list_groups", "{\"stream_name\":\"" + stream + "\"}").get("result").toString())
                .isEqualTo("[\"b:g\"]");
    }

    @Test
    void shouldKeepTheOrderOfVoidCallsThatNobodyWaitedFor() {
        for (int n = 0; n < 300; n++) {
            String function = n % 3 == 0 ? "set" : "send";
            String members = n % 3 == 0
                    ? ",\"item_id\":\"i\",\"data\":" + n
                    : ",\"type\":\"token\",\"data\":" + n;
            worker.send("{\"type\":\"invokefunction\",\"function_id\":\"stream::" + function + "\",\"data\":" + address(members)
                    + ",\"action\":{\"type\":\"void\"}}");
        }
        for (int n = 0; n < 300; n++) {
            JsonNode event = peer.next().get("event");
            JsonNode data = event.has("data") ? event.get("data") : event.at("/event/data");
            assertThat(data.intValue()).isEqualTo(n);
        }
    }

    /** 13.10. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "set|,\"item_id\":\"i\",\"data\":2",
                "update|,\"item_id\":\"i\",\"ops\":[{\"type\":\"increment\",\"path\":\"\",\"by\":1}]",
                "delete|,\"item_id\":\"i\"",
            })
    void shouldTellTheOffsetOfAWriteAndDoItOnceAndOnlyAtTheVersionThatIsExpected(String call) {
        String[] parts = call.split("\\|", 2);
        result("set", ",\"item_id\":\"i\",\"data\":1");
        assertThat(call(parts[0], parts[1] + ",\"if_version\":7").at("/error/code").textValue())
                .isEqualTo("VERSION_MISMATCH");
        String members = parts[1] + ",\"if_version\":1,\"include_offset\":true,\"idempotency_key\":\"once\"";
        JsonNode first = call(parts[0], members).get("result");
        assertThat(first.get("old_value").intValue()).isEqualTo(1);
        assertThat(first.get("offset").intValue()).isEqualTo(2);
        assertThat(first.get("timestamp").longValue()).isPositive();
        assertThat(call(parts[0], members).get("result")).as("a repeat").isEqualTo(first);
        result("send", ",\"type\":\"last\",\"data\":0");
        assertThat(List.of(peer.nextEvent(), peer.nextEvent(), peer.nextEvent()))
                .last()
                .asString()
                .startsWith("event");
    }
}
