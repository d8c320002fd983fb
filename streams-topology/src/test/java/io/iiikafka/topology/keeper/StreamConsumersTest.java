package io.iiikafka.topology.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Consumer groups of streams on one partition (spec: stream.md 13.4). */
class StreamConsumersTest {

    @TempDir
    private Path directory;

    @AutoClose
    private KeeperBench keeper;

    @BeforeEach
    void start() {
        keeper = new KeeperBench(directory);
    }

    private void send() {
        keeper.answer("stream::send", "{\"stream_name\":\"s\",\"group_id\":\"g\",\"type\":\"t\",\"data\":1}");
    }

    private JsonNode part(String name, String members) {
        String data = "{\"stream_name\":\"s\",\"consumer_group\":\"c\",\"partition\":0" + members + "}";
        return RawJson.of(keeper.answer("iii::stream::consumer_" + name, data)).toTree();
    }

    /** Opens the consumer group; gives what members name when they take events. */
    private String open(String members) {
        JsonNode group = part("define", members).get("group");
        part("open", ",\"group\":" + group);
        return ",\"member\":\"m\",\"id\":" + group.get("id");
    }

    /** One look takes in some 2,000 events; nothing new need come for the next one. */
    @Test
    void shouldSayThatThereIsMoreToLookAtWhenAllThatWasSeenIsLeftOut() {
        for (int i = 0; i < 2_500; i++) {
            send();
        }
        keeper.answer("stream::set", "{\"stream_name\":\"s\",\"group_id\":\"g\",\"item_id\":\"i\",\"data\":1}");
        String member = open(",\"start\":\"earliest\",\"types\":[\"create\"]");

        JsonNode first = part("take", member);
        assertThat(first.get("events")).isEmpty();
        assertThat(first.get("retry_at").longValue()).isEqualTo(keeper.now);

        JsonNode second = part("take", member);
        assertThat(second.at("/events/0/offset").intValue()).isEqualTo(2_501);
        assertThat(second.get("retry_at").longValue()).isZero();
    }

    /** Also on partitions where nobody asks for it any more: the keeper has all of them delete it. */
    @Test
    void shouldRemoveWhatNobodyUsedForLong() {
        send();
        open(",\"start\":\"earliest\"");
        keeper.elapse(Duration.ofDays(29).toMillis());
        assertThat(keeper.fired()).isEmpty();

        keeper.elapse(Duration.ofDays(2).toMillis());
        List<String> calls = keeper.fired();
        assertThat(calls).hasSize(1);
        assertThat(calls.getFirst()).contains("stream::delete_consumer_group");
        Matcher data = Pattern.compile("\\{\"stream_name\".*?}").matcher(calls.getFirst());
        assertThat(data.find()).isTrue();
        open(""); // the name is another group's by now
        keeper.answer("iii::stream::consumer_delete", data.group());
        assertThat(groups()).contains("\"name\":\"c\"");

        keeper.elapse(Duration.ofDays(31).toMillis());
        data.reset(keeper.fired().getFirst());
        assertThat(data.find()).isTrue();
        keeper.answer("iii::stream::consumer_delete", data.group());
        assertThat(groups()).doesNotContain("\"name\":\"c\"");
        keeper.elapse(Duration.ofHours(2).toMillis());
        assertThat(keeper.fired()).as("until all partitions are known to have deleted it").isNotEmpty();

        keeper.answer("iii::stream::consumer_forget", data.group());
        keeper.elapse(Duration.ofHours(2).toMillis());
        assertThat(keeper.fired()).isEmpty();
    }

    private String groups() {
        return keeper.answer("iii::stream::consumer_list", "{\"stream_name\":\"s\"}");
    }

    @Test
    void shouldStartBehindTheLastEventWhereTheOffsetIsBeyondIt() {
        send();
        JsonNode group = part("define", ",\"start\":{\"offset\":100}").get("group");
        assertThat(keeper.answer("iii::stream::consumer_open",
                        "{\"stream_name\":\"s\",\"consumer_group\":\"c\",\"partition\":0,\"only\":\"g\",\"group\":" + group + "}"))
                .isEqualTo("null");
        String member = ",\"member\":\"m\",\"id\":" + group.get("id");
        assertThat(part("take", member).get("events")).isEmpty();
        send();
        assertThat(part("take", member).at("/events/0/offset").intValue()).isEqualTo(2);
    }

    @Test
    void shouldLogWhatIsSentWithDurableNull() {
        String sent = keeper.answer(
                "stream::send",
                "{\"stream_name\":\"s\",\"group_id\":\"g\",\"type\":\"t\",\"data\":1,\"durable\":null,\"include_offset\":true}");
        assertThat(sent).contains("\"offset\":1");
    }
}
