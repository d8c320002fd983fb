package io.iiikafka.gateway.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Consumer groups by bare frames, through two gateways (spec: stream.md 13.4). */
class ConsumerGroupTest {

    private static TestEngine engine;
    private static RawWorker one;
    private static RawWorker other;

    private final String stream = "jobs-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        one = engine.worker("one");
        other = engine.worker(engine.addGateway(), "other");
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
        engine.close();
    }

    private JsonNode call(RawWorker by, String function, String members) {
        return by.call(
                "stream::" + function,
                "{\"stream_name\":\"" + stream + "\",\"consumer_group\":\"c/%\"" + members + "}");
    }

    private List<JsonNode> consume(RawWorker by, String members) {
        JsonNode answer = call(by, "consume", members);
        assertThat(answer.has("error")).as(answer.toString()).isFalse();
        List<JsonNode> events = new ArrayList<>();
        answer.at("/result/events").forEach(events::add);
        return events;
    }

    private void send(String group, int data) {
        one.call(
                "stream::send",
                "{\"stream_name\":\"" + stream + "\",\"group_id\":\"" + group + "\",\"type\":\"t\",\"data\":" + data + "}");
    }

    private void set(String item, int data) {
        one.call(
                "stream::set",
                "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\",\"item_id\":\"" + item + "\",\"data\":" + data + "}");
    }

    private static List<Integer> offsets(List<JsonNode> events) {
        return events.stream().map(event -> event.path("offset").intValue()).toList();
    }

    private static String ids(List<JsonNode> events) {
        return ",\"delivery_ids\":"
                + events.stream().map(event -> event.path("delivery_id").toString()).toList();
    }

    @Test
    void shouldHandOutNoMoreThanCanBeNoted() {
        consume(one, ",\"start\":\"earliest\",\"ordering\":\"none\"");
        String long1 = "x".repeat(200 * 1024);
        for (int n = 100; n < 150; n++) {
            set(n + long1, n);
        }
        int members = 0;
        int events = 0;
        List<JsonNode> more;
        do {
            more = consume(one, ",\"member\":\"m" + members + "\",\"max_events\":500,\"wait_ms\":100");
            events += more.size();
        } while (++members < 5);

        assertThat(events).isBetween(20, 25); // of 50: ids of 4 MiB
    }

    @Test
    void shouldBelongToTheNewGroupWhoStillWaitsInOneThatWasDeleted() {
        String waiting = one.start(
                "stream::consume",
                "{\"stream_name\":\"" + stream + "\",\"consumer_group\":\"c/%\",\"wait_ms\":30000}");
        Awaitility.await().until(() -> call(other, "delete_consumer_group", "").at("/result/deleted").booleanValue());
        assertThat(consume(other, "")).isEmpty();
        send("g", 1);

        JsonNode answer = one.pollResult(waiting, Duration.ofSeconds(20)).orElseThrow();

        assertThat(answer.at("/result/events/0/offset").intValue()).isEqualTo(1);
        assertThat(consume(other, "")).as("it is with the one who waited").isEmpty();
    }

    @Test
    void shouldHandEveryEventToOneMemberInOrderAlthoughOneMemberDies() {
        int groups = 10;
        int each = 100;
        consume(one, ",\"start\":\"earliest\"");
        for (int n = 1; n <= each; n++) {
            for (int g = 0; g < groups; g++) {
                one.start(
                        "stream::send",
                        "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g" + g + "\",\"type\":\"t\",\"data\":" + n + "}");
            }
        }
        assertThat(consume(one, ",\"member\":\"dead\",\"lease_ms\":1000,\"wait_ms\":5000")).isNotEmpty();

        Map<String, List<Integer>> seen = new HashMap<>();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            for (RawWorker member : List.of(one, other)) {
                List<JsonNode> events = consume(member, ",\"max_events\":50,\"wait_ms\":1000");
                events.forEach(event -> seen.computeIfAbsent(event.path("groupId").textValue(), g -> new ArrayList<>())
                        .add(event.path("offset").intValue()));
                assertThat(call(member, "commit", ids(events)).at("/result/committed").intValue())
                        .isEqualTo(events.size());
            }
            return seen.values().stream().mapToInt(List::size).sum() >= groups * each;
        });

        assertThat(seen).hasSize(groups);
        assertThat(seen.values()).allSatisfy(offsets -> assertThat(offsets)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, each).boxed().toList()));
        JsonNode group = call(other, "consumer_groups", "").at("/result/consumer_groups/0");
        assertThat(group.path("name").textValue()).isEqualTo("c/%");
        assertThat(group.path("positions")).hasSize(groups).allSatisfy(position ->
                assertThat(position.toString()).endsWith("\"position\":101,\"latest_offset\":100,\"lag\":0}"));
        assertThat(group.path("members")).isEmpty();
    }

    @Test
    void shouldWaitForWorkAndBeginWhereItIsTold() {
        send("old", 1);
        assertThat(consume(one, "")).isEmpty(); // starts behind what is there
        String waiting = other.start(
                "stream::consume",
                "{\"stream_name\":\"" + stream + "\",\"consumer_group\":\"c/%\",\"wait_ms\":20000}");
        assertThat(other.pollResult(waiting, Duration.ofMillis(300))).isEmpty();
        send("new", 1); // a group that is new starts at its beginning
        JsonNode event = other.pollResult(waiting, Duration.ofSeconds(9)).orElseThrow().at("/result/events/0");
        assertThat(event.path("groupId").textValue()).isEqualTo("new");
        assertThat(event.path("attempt").intValue()).isEqualTo(1);
        assertThat(consume(one, "")).isEmpty();
        call(one, "commit", ids(List.of(event)));

        assertThat(call(one, "seek", ",\"to\":\"earliest\"").at("/result/positions").toString())
                .isEqualTo("{\"new\":1,\"old\":1}");
        assertThat(consume(one, "")).hasSize(2);
        assertThat(call(one, "delete_consumer_group", "").at("/result/deleted").booleanValue()).isTrue();
        assertThat(call(one, "delete_consumer_group", "").at("/result/deleted").booleanValue()).isFalse();
        assertThat(call(one, "consumer_groups", "").at("/result/consumer_groups")).isEmpty();
    }

    @Test
    void shouldKeepTheOrderOfAGroupWhenAnEventIsGivenBack() {
        consume(one, "");
        IntStream.rangeClosed(1, 4).forEach(n -> send("g", n));
        List<JsonNode> events = consume(one, ",\"max_events\":3");
        assertThat(offsets(events)).containsExactly(1, 2, 3);
        assertThat(consume(other, "")).as("the next one waits for those before").isEmpty();

        call(one, "commit", ids(events.subList(0, 1)));
        JsonNode nack = call(one, "nack", ids(events.subList(1, 2)) + ",\"delay_ms\":3000,\"reason\":\"busy\"");
        assertThat(nack.at("/result/nacked").intValue()).isEqualTo(1);
        JsonNode late = call(one, "commit", ids(events.subList(2, 3)));
        assertThat(late.at("/result/stale")).hasSize(1);
        assertThat(consume(other, "")).isEmpty();
        List<JsonNode> again = consume(other, ",\"wait_ms\":8000");
        assertThat(offsets(again)).containsExactly(2, 3, 4);
        assertThat(again.getFirst().path("attempt").intValue()).isEqualTo(2);
        assertThat(call(other, "commit", ",\"group_id\":\"g\",\"offset\":4").at("/result/committed").intValue())
                .isEqualTo(3);
        assertThat(consume(one, "")).isEmpty();
    }

    @Test
    void shouldHoldUpOnlyTheItemThatIsWorkedOn() {
        consume(one, ",\"ordering\":\"item\"");
        set("a", 1);
        set("a", 2);
        set("b", 1);
        List<JsonNode> first = consume(one, ",\"max_events\":1");
        assertThat(offsets(first)).containsExactly(1);
        assertThat(offsets(consume(other, ""))).containsExactly(3);
        call(one, "commit", ids(first));
        assertThat(offsets(consume(other, ""))).containsExactly(2);
        JsonNode conflict = call(one, "consume", ",\"ordering\":\"none\"");
        assertThat(conflict.at("/error/code").textValue()).isEqualTo("CONSUMER_GROUP_CONFLICT");
    }

    @Test
    void shouldPassOverEventsOfOtherTypes() {
        consume(one, ",\"types\":[\"delete\"]");
        set("a", 1);
        one.call("stream::delete", "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\",\"item_id\":\"a\"}");
        List<JsonNode> events = consume(one, "");
        assertThat(offsets(events)).containsExactly(2);
        call(one, "commit", ids(events));
        assertThat(call(one, "consumer_groups", "").at("/result/consumer_groups/0/positions/0/lag").intValue())
                .isZero();
    }

    @Test
    void shouldPutEventsAsideThatFailTooOften() {
        consume(one, ",\"max_attempts\":2");
        send("g", 1);
        send("g", 2);
        for (int attempt = 1; attempt <= 2; attempt++) {
            List<JsonNode> events = consume(one, ",\"max_events\":1");
            assertThat(offsets(events)).containsExactly(1);
            assertThat(events.getFirst().path("attempt").intValue()).isEqualTo(attempt);
            call(one, "nack", ids(events) + ",\"reason\":\"broken\"");
        }
        List<JsonNode> next = consume(one, "");
        assertThat(offsets(next)).containsExactly(2);
        call(one, "commit", ids(next));

        JsonNode dead = call(other, "dead_letters", "");
        assertThat(dead.at("/result/count").intValue()).isEqualTo(1);
        assertThat(dead.at("/result/events/0/attempts").intValue()).isEqualTo(2);
        assertThat(dead.at("/result/events/0/last_error").textValue()).isEqualTo("broken");

        call(other, "dead_letters", ",\"redrive\":\"all\"");
        List<JsonNode> again = consume(one, "");
        assertThat(offsets(again)).containsExactly(1);
        call(one, "commit", ids(again));
        assertThat(call(other, "dead_letters", "").at("/result/count").intValue()).isZero();
        assertThat(consume(one, "")).isEmpty();
    }

    @Test
    void shouldRememberEverythingAcrossARestartOfTheKeeper() {
        consume(one, ",\"start\":\"earliest\",\"ordering\":\"none\"");
        IntStream.rangeClosed(1, 6).forEach(n -> send("g", n));
        List<JsonNode> events = consume(one, ",\"max_events\":4,\"lease_ms\":5000");
        call(one, "commit", ids(List.of(events.get(1), events.get(3))));
        engine.restartKeeper(false);

        TreeSet<Integer> rest = new TreeSet<>(offsets(consume(other, "")));
        assertThat(rest).contains(5, 6).doesNotContain(2, 4);
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            rest.addAll(offsets(consume(other, ",\"wait_ms\":1000")));
            return rest.size() == 4;
        });
        assertThat(rest).containsExactly(1, 3, 5, 6);
    }

    /** 13.4: a member keeps what it works on for as long as it says so; a commit that comes too late is stale. */
    @Test
    void shouldLeaveEventsWithTheMemberThatExtendsItsLease() {
        consume(one, "");
        send("g", 1);
        List<JsonNode> events = consume(one, ",\"lease_ms\":3000");
        JsonNode extended = call(one, "extend", ids(events) + ",\"lease_ms\":8000");
        assertThat(extended.at("/result/lease_expires_at").longValue()).isGreaterThan(System.currentTimeMillis() + 4_000);
        assertThat(consume(other, ",\"wait_ms\":4000")).isEmpty();
        List<JsonNode> again = consume(other, ",\"wait_ms\":10000");
        assertThat(offsets(again)).containsExactly(1);
        assertThat(again.getFirst().path("attempt").intValue()).isEqualTo(2);
        JsonNode late = call(one, "commit", ids(events)).get("result");
        assertThat(late.get("committed").intValue()).isZero();
        assertThat(late.get("stale")).hasSize(1);
        assertThat(call(other, "commit", ids(again)).at("/result/committed").intValue()).isEqualTo(1);
    }

    /** Only a start at an offset needs one group. */
    @Test
    void shouldStartInAllGroupsWhenTheOffsetOfTheStartIsNull() {
        for (int n = 1; n <= 2; n++) {
            send("g", n);
        }
        assertThat(offsets(consume(one, ",\"start\":{\"offset\":null,\"last\":1}"))).containsExactly(2);
    }

    /** 13.4, guarantee 4: of streams whose names begin with {@code few/} ten events are kept. */
    @Test
    void shouldGoOnWithWhatIsKeptAndCountWhatIsNot() {
        String few = "{\"stream_name\":\"few/" + stream + "\",\"consumer_group\":\"c\"";
        one.call("stream::consume", few + "}");
        for (int n = 1; n <= 30; n++) {
            one.call("stream::send", "{\"stream_name\":\"few/" + stream + "\",\"group_id\":\"g\",\"type\":\"t\",\"data\":" + n + "}");
        }
        JsonNode events = one.call("stream::consume", few + ",\"max_events\":50}").at("/result/events");
        assertThat(events).hasSize(10);
        assertThat(events.get(0).get("offset").intValue()).isEqualTo(21);
        assertThat(one.call("stream::consumer_groups", few + "}").at("/result/consumer_groups/0/skipped").intValue())
                .isEqualTo(20);
    }

    @Test
    void shouldConsumeOfTheGroupsAndTheItemThatAreNamed() {
        consume(one, ",\"item_id\":\"a\"");
        for (String group : List.of("g", "h", "k")) {
            for (String item : List.of("a", "b")) {
                one.call("stream::set", "{\"stream_name\":\"" + stream + "\",\"group_id\":\"" + group
                        + "\",\"item_id\":\"" + item + "\",\"data\":1}");
            }
        }
        List<JsonNode> named = consume(one, ",\"group_id\":[\"g\",\"k\"]");
        assertThat(named).extracting(event -> event.path("groupId").textValue() + event.path("id").textValue())
                .containsExactlyInAnyOrder("ga", "ka");
        assertThat(consume(one, ",\"group_id\":\"h\"")).hasSize(1);
    }

    @Test
    void shouldStartAtAnOffsetOfTheOneGroupThatIsNamed() {
        send("g", 1);
        send("g", 2);
        for (String groups : List.of("", ",\"group_id\":[\"g\",\"h\"]", ",\"group_id\":[]")) {
            assertThat(call(one, "consume", ",\"start\":{\"offset\":2}" + groups).at("/error/code").textValue())
                    .isEqualTo("deserialization_error");
        }
        assertThat(offsets(consume(one, ",\"start\":{\"offset\":2},\"group_id\":[\"g\"]"))).containsExactly(2);
    }
}
