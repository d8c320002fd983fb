package io.iiikafka.topology.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.state.StateSettings;
import io.iiikafka.topology.keeper.stream.PayloadForm;
import io.iiikafka.topology.keeper.stream.ReplayRule;
import io.iiikafka.topology.keeper.stream.ReplaySettings;
import io.iiikafka.topology.keeper.stream.StreamSettings;
import io.iiikafka.topology.topics.KeeperStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events that members of a consumer group give back, and dead letters that are tried again (spec: stream.md 13.4). */
class GivenBackEventsTest {

    private static final String CONSUMERS = "{\"stream_name\":\"s\",\"consumer_group\":\"c\"";

    @TempDir
    private Path directory;

    private static void open(KeeperBench keeper, String ordering, int maxAttempts) {
        keeper.answer("iii::stream::consumer_open", CONSUMERS + ",\"partition\":0,\"group\":{\"id\":\"1\",\"ordering\":\""
                + ordering + "\",\"types\":[],\"max_attempts\":" + maxAttempts + ",\"start\":\"earliest\"}}");
    }

    private static void send(KeeperBench keeper, int events) {
        for (int i = 0; i < events; i++) {
            keeper.answer("stream::set", "{\"stream_name\":\"s\",\"group_id\":\"g\",\"item_id\":\"i\",\"data\":" + i + "}");
        }
    }

    private static List<JsonNode> take(KeeperBench keeper) {
        return take(keeper, 100);
    }

    private static List<JsonNode> take(KeeperBench keeper, int most) {
        String taken = keeper.answer(
                "iii::stream::consumer_take",
                CONSUMERS + ",\"group_id\":\"g\",\"id\":\"1\",\"member\":\"m\",\"lease_ms\":30000,\"max_events\":"
                        + most + "}");
        List<JsonNode> events = new ArrayList<>();
        RawJson.of(taken).toTree().path("events").forEach(events::add);
        return events;
    }

    private static String settle(KeeperBench keeper, String action, List<String> ids, String more) {
        return keeper.answer("iii::stream::consumer_settle", CONSUMERS + ",\"group_id\":\"g\",\"action\":\"" + action
                + "\",\"delivery_ids\":[\"" + String.join("\",\"", ids) + "\"]" + more + "}");
    }

    private static List<String> ids(List<JsonNode> events) {
        return events.stream().map(event -> event.path("delivery_id").textValue()).toList();
    }

    private static List<String> attempts(List<JsonNode> events) {
        return events.stream().map(event -> event.path("offset") + "/" + event.path("attempt")).toList();
    }

    @ParameterizedTest
    @CsvSource({"group,0,1,2", "group,2,1,0", "group,1,2,0", "item,0,1,2", "none,2,0,1"})
    void shouldBeGivenBackTogetherInAnyOrder(String ordering, int first, int second, int third) {
        try (KeeperBench keeper = new KeeperBench(directory)) {
            open(keeper, ordering, 0);
            send(keeper, 3);
            List<String> ids = ids(take(keeper));

            String settled = settle(
                    keeper,
                    "nack",
                    List.of(ids.get(first), ids.get(second), ids.get(third)),
                    ",\"delay_ms\":2000,\"reason\":\"busy\"");

            assertThat(settled).isEqualTo("{\"settled\":3,\"stale\":[]}");
            keeper.now += 1_999;
            assertThat(take(keeper)).isEmpty();
            keeper.now += 1;
            assertThat(attempts(take(keeper))).containsExactly("1/2", "2/2", "3/2");
        }
    }

    @Test
    void shouldRememberWhyEachWasGivenBack() {
        try (KeeperBench keeper = new KeeperBench(directory)) {
            open(keeper, "group", 1);
            send(keeper, 2);

            settle(keeper, "nack", ids(take(keeper)), ",\"reason\":\"busy\"");

            JsonNode dead = RawJson.of(keeper.answer("stream::dead_letters", CONSUMERS + "}")).toTree();
            assertThat(dead.path("events").findValuesAsText("last_error")).containsExactly("busy", "busy");
            assertThat(dead.path("events").findValuesAsText("attempts")).containsExactly("1", "1");
        }
    }

    @Test
    void shouldLeaveADeadLetterThatIsTriedAgainWithWhoGotItAlthoughTheLogHasMovedOn() {
        ReplaySettings three = new ReplaySettings(new ReplayRule(true, 0, 3, 1 << 20), List.of(), 86_400_000);
        StreamSettings settings = new StreamSettings(16 << 20, three, PayloadForm.FRAME, false);
        try (KeeperBench keeper = new KeeperBench(directory, StateSettings.DEFAULT, settings)) {
            open(keeper, "group", 1);
            send(keeper, 1);
            settle(keeper, "nack", ids(take(keeper)), "");
            keeper.answer("stream::dead_letters", CONSUMERS + ",\"redrive\":\"all\"}");
            send(keeper, 6);

            List<JsonNode> events = take(keeper);

            assertThat(attempts(events)).containsExactly("1/1", "5/1", "6/1", "7/1");
            assertThat(settle(keeper, "commit", ids(events), "")).isEqualTo("{\"settled\":4,\"stale\":[]}");
            assertThat(keeper.answer("stream::dead_letters", CONSUMERS + "}")).contains("\"count\":0");
        }
    }

    /** Dead letters of the first events of three, and again up for trial. */
    private static void redrive(KeeperBench keeper, String ordering, int letters) {
        open(keeper, ordering, 1);
        send(keeper, letters);
        settle(keeper, "nack", ids(take(keeper)), "");
        keeper.answer("stream::dead_letters", CONSUMERS + ",\"redrive\":\"all\"}");
    }

    @ParameterizedTest
    @CsvSource({"group", "item", "none"})
    void shouldNotTakeBackWhatFollowsADeadLetterThatIsTriedAgain(String ordering) {
        try (KeeperBench keeper = new KeeperBench(directory)) {
            redrive(keeper, ordering, 1);
            List<String> letter = ids(take(keeper));
            send(keeper, 1);
            List<String> fresh = ids(take(keeper));

            assertThat(settle(keeper, "nack", letter, "")).contains("\"settled\":1");

            assertThat(settle(keeper, "commit", fresh, "")).isEqualTo("{\"settled\":1,\"stale\":[]}");
        }
    }

    @Test
    void shouldGoOnTryingADeadLetterWhenAllUpToAnOffsetIsDoneWith() {
        try (KeeperBench keeper = new KeeperBench(directory)) {
            redrive(keeper, "group", 1);
            send(keeper, 2);
            List<JsonNode> events = take(keeper);
            assertThat(attempts(events)).containsExactly("1/1", "2/1", "3/1");

            assertThat(settle(keeper, "commit", List.of(ids(events).get(1)), ",\"offset\":3")).contains("\"settled\":2");

            assertThat(settle(keeper, "commit", ids(events).subList(0, 1), "")).isEqualTo("{\"settled\":1,\"stale\":[]}");
            assertThat(keeper.answer("stream::dead_letters", CONSUMERS + "}")).contains("\"count\":0");
        }
    }

    @Test
    void shouldLeaveADeadLetterWhereItIsWhenNobodySaysWhatBecameOfIt() {
        try (KeeperBench keeper = new KeeperBench(directory)) {
            redrive(keeper, "group", 1);
            assertThat(take(keeper)).hasSize(1);
            keeper.now += 30_000;
            assertThat(take(keeper)).as("it has had its attempt").isEmpty();
            assertThat(keeper.answer("stream::dead_letters", CONSUMERS + "}")).contains("\"count\":1");
            keeper.answer("stream::dead_letters", CONSUMERS + ",\"redrive\":\"all\"}");
            assertThat(attempts(take(keeper))).containsExactly("1/1");
        }
    }

    @Test
    void shouldHandOutNoMoreThanIsWantedBesideDeadLetters() {
        try (KeeperBench keeper = new KeeperBench(directory)) {
            redrive(keeper, "group", 2);
            send(keeper, 2);
            assertThat(attempts(take(keeper, 2))).containsExactly("1/1", "2/1");
            assertThat(attempts(take(keeper, 2))).containsExactly("3/1", "4/1");
        }
    }

    @Test
    void shouldCountOnlyTheFirstOfThoseThatAMemberLeavesBehind() {
        try (KeeperBench keeper = new KeeperBench(directory)) {
            open(keeper, "group", 0);
            send(keeper, 3);
            settle(keeper, "nack", ids(take(keeper)).reversed(), ",\"left\":true");
            assertThat(attempts(take(keeper))).containsExactly("1/2", "2/1", "3/1");
        }
    }

    @Test
    void shouldNotHandOutADeadLetterThatAMemberHasWhenItIsToBeTriedAgain() {
        try (KeeperBench keeper = new KeeperBench(directory)) {
            redrive(keeper, "group", 1);
            List<String> letter = ids(take(keeper));
            keeper.answer("stream::dead_letters", CONSUMERS + ",\"redrive\":\"all\"}");
            assertThat(take(keeper)).isEmpty();
            assertThat(settle(keeper, "commit", letter, "")).isEqualTo("{\"settled\":1,\"stale\":[]}");
            assertThat(take(keeper)).isEmpty();
        }
    }

    @Test
    void shouldTryADeadLetterAgainAlthoughWhatCameBeforeItIsNotDoneWith() {
        try (KeeperBench keeper = new KeeperBench(directory)) {
            open(keeper, "none", 1);
            send(keeper, 2);
            List<String> both = ids(take(keeper));
            settle(keeper, "nack", both.subList(1, 2), ",\"reason\":\"first\"");
            keeper.answer("stream::dead_letters", CONSUMERS + ",\"redrive\":\"all\"}");

            List<JsonNode> again = take(keeper);
            assertThat(attempts(again)).containsExactly("2/1");
            settle(keeper, "nack", ids(again), ",\"reason\":\"second\"");

            JsonNode dead = RawJson.of(keeper.answer("stream::dead_letters", CONSUMERS + "}")).toTree();
            assertThat(dead.path("events").get(0).path("last_error").textValue()).isEqualTo("second");
            assertThat(dead.path("events").get(0).path("attempts").intValue()).isEqualTo(2);
            assertThat(settle(keeper, "commit", both.subList(0, 1), "")).contains("\"settled\":1");
        }
    }

    @Test
    void shouldRememberWhatAMemberSaidOfAnEventThatOnlyTimeSettled() {
        try (KeeperBench keeper = new KeeperBench(directory)) {
            open(keeper, "group", 2);
            send(keeper, 1);
            settle(keeper, "nack", ids(take(keeper)), ",\"reason\":\"busy\"");
            take(keeper);
            keeper.now += 30_000;
            assertThat(take(keeper)).isEmpty();
            assertThat(keeper.answer("stream::dead_letters", CONSUMERS + "}")).contains("\"attempts\":2,\"last_error\":\"busy\"");
        }
    }

    @Test
    void shouldTakeBackWhatFollowsAnEventWhoseLeaseHasEnded() {
        try (KeeperBench keeper = new KeeperBench(directory)) {
            open(keeper, "group", 0);
            send(keeper, 3);
            List<String> ids = ids(take(keeper));
            keeper.now += 20_000;
            settle(keeper, "extend", ids.subList(1, 3), ",\"lease_ms\":30000");
            keeper.now += 10_000;
            assertThat(attempts(take(keeper))).containsExactly("1/2", "2/1", "3/1");
            assertThat(settle(keeper, "commit", ids.subList(1, 2), "")).contains("\"settled\":0");
        }
    }

    @Test
    void shouldRedriveManyAtOnceAndForgetThemWithTheGroup() {
        try (KeeperBench keeper = new KeeperBench(directory)) {
            open(keeper, "group", 1);
            for (int i = 0; i < 20; i++) {
                send(keeper, 100);
                settle(keeper, "nack", ids(take(keeper)), "");
            }
            assertThat(keeper.answer("stream::dead_letters", CONSUMERS + ",\"redrive\":\"all\",\"limit\":1}"))
                    .contains("\"count\":2000");
            List<String> some = ids(take(keeper));
            assertThat(some).hasSize(100);
            assertThat(settle(keeper, "commit", some, "")).contains("\"settled\":100");
            assertThat(keeper.answer("stream::dead_letters", CONSUMERS + ",\"limit\":1}")).contains("\"count\":1900");
            keeper.answer("stream::delete_consumer_group", CONSUMERS + "}");
            assertThat(keeper.notes(KeeperStore.STREAM_NOTES, "cg")).isEmpty();
        }
    }

    @Test
    void shouldComeByAllGroupsThoughManyHaveNothing() {
        try (KeeperBench keeper = new KeeperBench(directory)) {
            open(keeper, "group", 0);
            for (int i = 0; i < 1_001; i++) {
                keeper.answer("stream::send", "{\"stream_name\":\"s\",\"group_id\":\"g" + i + "\",\"type\":\"t\",\"data\":1}");
            }
            String all = CONSUMERS + ",\"partition\":0,\"id\":\"1\",\"member\":\"m\",\"lease_ms\":3000000,\"max_events\":500}";
            int taken = 0;
            for (int i = 0; i < 4; i++) {
                taken += RawJson.of(keeper.answer("iii::stream::consumer_take", all)).toTree().path("events").size();
            }
            assertThat(taken).isEqualTo(1_001);
        }
    }

    @Test
    void shouldNotBeginAnewForWhoStillMeansAGroupThatWasDeleted() {
        try (KeeperBench keeper = new KeeperBench(directory)) {
            String start = ",\"ordering\":\"group\",\"types\":[],\"max_attempts\":0,\"start\":\"latest\"}}";
            String opened = CONSUMERS + ",\"partition\":0,\"group\":{\"id\":\"0:";
            keeper.answer("iii::stream::consumer_open", opened + "9\"" + start);
            keeper.answer("iii::stream::consumer_open", opened + "10\"" + start);
            send(keeper, 1);
            keeper.answer("iii::stream::consumer_open", opened + "9\"" + start);
            assertThat(keeper.answer(
                            "iii::stream::consumer_take",
                            CONSUMERS + ",\"group_id\":\"g\",\"id\":\"0:10\",\"member\":\"m\"}"))
                    .contains("\"offset\":1");
        }
    }
}
