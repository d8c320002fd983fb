package io.iiikafka.topology.keeper.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.trigger.InvalidTriggerException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters of stream triggers (spec: stream.md 6.1, 13.6). */
class StreamTriggerConfigTest {

    private static StreamTriggerConfig config(String members) throws InvalidTriggerException {
        return StreamTriggerConfig.parse(RawJson.of("{" + members.replace('\'', '"') + "}"));
    }

    private static StreamChange change(String type, @Nullable String before, @Nullable String after) {
        return change("todos", type, before, after);
    }

    private static StreamChange change(String stream, String type, @Nullable String before, @Nullable String after) {
        RawJson data = RawJson.of(after == null ? before : after);
        StreamEvent event = new StreamEvent(
                new StreamGroup(stream, "inbox"), "t1", StreamEvent.change(type, data), 1, 1, "0:1", null);
        return new StreamChange("t1", item(before), item(after), event);
    }

    private static StreamChange sent(String type, @Nullable String id, String data) {
        RawJson event = StreamEvent.sent(type, RawJson.of(data));
        return new StreamChange(
                null, null, null, new StreamEvent(new StreamGroup("todos", "inbox"), id, event, 1, 1, "0:1", null));
    }

    private static @Nullable StreamItem item(@Nullable String value) {
        return value == null ? null : new StreamItem(RawJson.of(value), 1, 1, 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'stream_name':'todos' | true",
                "'stream_name':'todo' | false",
                "'stream_name':'todos','group_id':'','item_id':'' | true",
                "'stream_name':'todos','group_id':'in' | false",
                "'stream_name':'todos','group_prefix':'in','item_prefix':'t' | true",
                "'stream_name':'todos','item_prefix':'x' | false",
                "'stream_prefix':'to' | true",
                "'stream_prefix':'' | true",
                "'stream_prefix':'x' | false",
                "'stream_name':'todos','event_types':['create','event'] | false",
                "'stream_name':'todos','event_types':['update'] | true",
                "'stream_name':'todos','custom_types':['t'] | false",
                "'stream_name':'todos','custom_types':['t'],'event_types':['update'] | true",
                "'stream_name':'todos','only_changes':true | true",
                "'stream_name':'todos','condition':'n > 1' | true",
                "'stream_name':'todos','condition':'n > 0' | false",
                "'stream_name':'todos','condition':'n > 0','condition_mode':'match' | true",
                "'stream_name':'todos','condition':'n < 2','condition_mode':'leave' | true",
                "'stream_name':'todos','condition':'changed(n)' | true",
                "'stream_name':'todos','condition':'old_value.n == 2' | false",
                "'stream_name':'todos','condition':'id == null && group_id == \"inbox\"','condition_mode':'match' | true",
                "'stream_name':'todos','condition':'event_type == \"updated\" && item_id == \"t1\"' | true",
            })
    void shouldHearOfAnUpdate(String members, boolean expected) throws Exception {
        String config = members.replace("\"", "\\\"");
        assertThat(config(config).matches(change("update", "{\"n\":1}", "{\"n\":2}"))).isEqualTo(expected);
    }

    @Test
    void shouldPassOverWritesThatChangeNothing() throws Exception {
        StreamTriggerConfig config = config("'stream_name':'todos','only_changes':true");
        assertThat(config.matches(change("update", "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}"))).isFalse();
        assertThat(config.matches(change("create", null, "1"))).isTrue();
        assertThat(config.matches(sent("t", null, "1"))).isTrue();
    }

    @Test
    void shouldAskTheConditionAboutTheDataOfSentEvents() throws Exception {
        assertThat(config("'stream_name':'todos','condition':'n > 1'").matches(sent("t", null, "{\"n\":2}"))).isTrue();
        assertThat(config("'stream_name':'todos','condition':'custom_type == \\\"t\\\" && item_id == null'")
                        .matches(sent("t", null, "1")))
                .isTrue();
        assertThat(config("'stream_name':'todos','custom_types':['u']").matches(sent("t", null, "1"))).isFalse();
    }

    @Test
    void shouldNotHearOfTheEnginesOwnFeedsUnlessItNamesThem() throws Exception {
        StreamChange own = change("iii:devtools:spans", "create", null, "1");
        assertThat(config("'stream_prefix':''").matches(own)).isFalse();
        assertThat(config("'stream_prefix':'iii'").matches(own)).isFalse();
        assertThat(config("'stream_prefix':'iii:devtools:'").matches(own)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "'stream_name':1",
                "'stream_name':'a','stream_prefix':'b'",
                "'stream_name':'a','event_types':['created']",
                "'stream_name':'a','event_types':[]",
                "'stream_name':'a','condition':'n >'",
                "'stream_name':'a','condition':'changed(n)','condition_mode':'enter'",
                "'stream_name':'a','payload':'other'",
                "'stream_name':'a','only_changes':1",
            })
    void shouldRefuseWhatIsNoConfig(String members) {
        assertThatThrownBy(() -> config(members)).hasMessageStartingWith("Failed to deserialize stream trigger: ");
    }

    @Test
    void shouldTellInTheFormThatIsAskedFor() {
        StreamGroup group = new StreamGroup("todos", "inbox");
        String flat = "\"stream_name\":\"todos\",\"group_id\":\"inbox\",\"item_id\":null,\"data\":5,\"custom_type\":\"t\"}";
        RawJson event = StreamEvent.sent("t", RawJson.of("5"));
        assertThat(PayloadForm.FLAT.payload(group, null, 7, event).build())
                .hasToString("{\"type\":\"stream\",\"event_type\":\"event\",\"timestamp\":7," + flat);
        assertThat(PayloadForm.BOTH.payload(group, null, 7, event).build())
                .hasToString("{\"type\":\"stream\",\"timestamp\":7,\"streamName\":\"todos\",\"groupId\":\"inbox\",\"id\":null,"
                        + "\"event\":{\"type\":\"event\",\"event\":{\"type\":\"t\",\"data\":5}},\"event_type\":\"event\","
                        + flat);
    }
}
