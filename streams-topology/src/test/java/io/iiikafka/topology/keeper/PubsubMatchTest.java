package io.iiikafka.topology.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.pubsub.PubsubRoom;
import io.iiikafka.topology.keeper.pubsub.PubsubSettings;
import io.iiikafka.topology.keeper.pubsub.PubsubWatch;
import io.iiikafka.topology.keeper.pubsub.SubscribeConfig;
import io.iiikafka.topology.keeper.trigger.InvalidTriggerException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which events a subscription hears of, whatever the topic and the data are (spec: pubsub.md 9). */
class PubsubMatchTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    @AutoClose
    private final KeeperBench keeper;

    PubsubMatchTest(@TempDir Path directory) {
        PubsubRoom room = new PubsubRoom(new PubsubSettings(3_600_000, 1_000, 1_000_000, 1_000_000), PubsubWatch.NONE);
        keeper = new KeeperBench(directory, List.of(room));
    }

    private void subscribe(String topic, String members) {
        keeper.trigger("subscribe", "{\"topic\":\"" + topic + "\"" + members + "}");
    }

    private boolean hears(String topic, String data) {
        String answer = keeper.answer("publish", "{\"topic\":\"" + topic + "\",\"data\":" + data + ",\"ack\":true}");
        assertThat(answer).contains("\"subscribers\":");
        return answer.contains("\"subscribers\":1");
    }

    @ParameterizedTest
    @CsvSource({
        "orders.*, orders.a, true", "orders.*, orders., false", "orders.*, orders, false", "orders.*, orders::a, false",
        "orders.*, orders.a:b, true", "*, a.b, false", "*::b, a::b, true", "*.b.*, a.b.c, true", "*.b.*, a.b.c.d, false",
        "orders.**, orders.a::b, true", "orders.**, orders., false", "a.*, a.*, true", "a*, ab, false"
    })
    void shouldMatchSegmentBySegment(String pattern, String topic, boolean hears) {
        subscribe(pattern, ",\"match\":\"wildcard\"");
        assertThat(hears(topic, "1")).isEqualTo(hears);
    }

    @Test
    void shouldMatchALongSegment() {
        subscribe("*", ",\"match\":\"wildcard\"");
        assertThat(hears("a😀".repeat(20_000), "1")).isTrue();
    }

    @Test
    void shouldNotBeHeldUpByAPatternOfManyRests() {
        subscribe("**.".repeat(11) + "z", ",\"match\":\"wildcard\"");
        assertTimeoutPreemptively(SOON, () -> assertThat(hears("a" + ".a".repeat(100), "1")).isFalse());
    }

    @ParameterizedTest
    @CsvSource({"5, 1e400, false", "5, 5.0, true", "1e400, 1e400, true", "1e400, -1e400, false", "1e400, 5, false"})
    void shouldCompareNumbersOfAnySizeWithTheFilter(String wanted, String number, boolean hears) {
        subscribe("t", ",\"filter\":{\"path\":\"n\",\"equals\":" + wanted + "}");
        assertThat(hears("t", "{\"n\":" + number + "}")).isEqualTo(hears);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+999999999-12-31T23:59:59Z", "-999999999-01-01T00:00:00Z", "yesterday"})
    void shouldRefuseToBeginAtATimeThatCannotBe(String from) {
        assertThatThrownBy(() -> SubscribeConfig.parse(RawJson.of("{\"topic\":\"t\",\"from\":\"" + from + "\"}")))
                .isInstanceOf(InvalidTriggerException.class)
                .hasMessageContaining("`from` must be");
    }

    @ParameterizedTest
    @ValueSource(strings = {"**.a", "a.**.b", "a::**::**"})
    void shouldRefuseTheRestBeforeTheEnd(String topic) {
        assertThatThrownBy(() -> SubscribeConfig.parse(RawJson.of("{\"topic\":\"" + topic + "\",\"match\":\"wildcard\"}")))
                .isInstanceOf(InvalidTriggerException.class)
                .hasMessageContaining("only at the end of `topic`");
    }
}
