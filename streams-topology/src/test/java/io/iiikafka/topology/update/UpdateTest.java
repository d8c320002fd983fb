package io.iiikafka.topology.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The operations by example (spec: state.md 4.2 to 4.6). */
class UpdateTest {

    private static Update.Result update(String before, String operations) {
        return update(before, operations, false);
    }

    private static Update.Result update(String before, String operations, boolean strict) {
        try {
            JsonNode value = before.equals("missing") ? null : JsonTree.read(RawJson.of(before));
            return Update.apply(value, OperationReader.read(JsonTree.read(RawJson.of(operations))), strict);
        } catch (MalformedOperationException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static String text(JsonNode value) {
        return JsonTree.write(value).toString();
    }

    private static String codes(Update.Result result) {
        return result.errors().stream()
                .map(error -> error.operation() + " " + error.code())
                .collect(Collectors.joining(", "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // the worked examples
                "missing|[{'type':'increment','path':'','by':1}]|1|",
                "missing|[{'type':'increment','path':'n','by':3},{'type':'decrement','path':'m','by':3}]|{'n':3,'m':-3}|",
                "{'c':10}|[{'type':'increment','path':'c','by':5},{'type':'decrement','path':'c','by':3}]|{'c':12}|",
                "{'c':1.5}|[{'type':'increment','path':'c','by':2}]|{'c':3.5}|",
                "{'c':9223372036854775807}|[{'type':'increment','path':'c','by':1}]|{'c':9223372036854775808}|",
                "{'user':{'name':['B']},'user.name':['A']}|[{'type':'append','path':'user.name','value':'C'}]|{'user':{'name':['B']},'user.name':['A','C']}|",
                "{}|[{'type':'append','path':['e','buf'],'value':'x'}]|{'e':{'buf':['x']}}|",
                "{}|[{'type':'append','path':'buf','value':'x'}]|{'buf':'x'}|",
                "{'a':[1,2,3]}|[{'type':'append','path':['a','b'],'value':42}]|{'a':{'b':[42]}}|",
                "[1,2,3]|[{'type':'append','path':['a','b'],'value':'x'}]|[1,2,3]|0 append.target_not_object",
                "{'s':null}|[{'type':'merge','path':['s','x'],'value':{'a':1}}]|{'s':{'x':{'a':1}}}|",
                "'leaf'|[{'type':'merge','value':{'a':1}}]|'leaf'|",
                "'leaf'|[{'type':'merge','path':'p','value':{'a':1}}]|{'p':{'a':1}}|",
                "{'bad':'v','e':{}}|[{'type':'increment','path':'bad','by':1},{'type':'set','path':'__proto__','value':true},{'type':'append','path':'e','value':'c'},{'type':'set','path':'ok','value':true}]|{'bad':'v','e':{},'ok':true}|0 increment.not_number, 1 set.path.proto_polluted, 2 append.type_mismatch",
                "missing|[{'type':'remove','path':'x'}]|{}|",
                // missing is not an empty object
                "missing|[]|{}|",
                "{}|[{'type':'increment','path':'','by':1}]|{}|0 increment.not_number",
                "missing|[{'type':'remove','path':'x'},{'type':'increment','path':'','by':1}]|{}|1 increment.not_number",
                "missing|[{'type':'set','path':'prototype'},{'type':'decrement','path':'','by':4}]|-4|0 set.path.proto_polluted",
                "missing|[{'type':'append','value':'x'}]|'x'|",
                "missing|[{'type':'append','value':[1]}]|[[1]]|",
                "{}|[{'type':'append','value':1}]|{}|0 append.type_mismatch",
                // append
                "null|[{'type':'append','path':null,'value':'x'}]|'x'|",
                "['a']|[{'type':'append','path':[],'value':['b']}]|['a',['b']]|",
                "'a'|[{'type':'append','path':'','value':'b'}]|'ab'|",
                "'a'|[{'type':'append','path':'','value':1}]|'a'|0 append.type_mismatch",
                "{'k':null}|[{'type':'append','path':['k'],'value':'x'}]|{'k':'x'}|",
                "{'a':{'k':null}}|[{'type':'append','path':['a','k'],'value':'x'}]|{'a':{'k':'x'}}|",
                "{'a':{'k':'v'}}|[{'type':'append','path':['a','k'],'value':'x'}]|{'a':{'k':'vx'}}|",
                "{'a':5}|[{'type':'append','path':['a','b','c'],'value':1}]|{'a':{'b':{'c':[1]}}}|",
                // set and remove
                "{'k':1}|[{'type':'set','path':'k'}]|{'k':null}|",
                "5|[{'type':'set','path':'','value':{'a':1}}]|{'a':1}|",
                "5|[{'type':'set','path':'k','value':1}]|5|0 set.target_not_object",
                "{'a.b':1,'a':{'b':2}}|[{'type':'remove','path':'a.b'}]|{'a':{'b':2}}|",
                "{'a':1}|[{'type':'remove','path':''}]|null|",
                "[1]|[{'type':'remove','path':'0'}]|[1]|0 remove.target_not_object",
                // arithmetic
                "{'c':null}|[{'type':'increment','path':'c','by':1}]|{'c':null}|0 increment.not_number",
                "{'c':18446744073709551615}|[{'type':'increment','path':'c','by':1}]|{'c':18446744073709551615}|0 increment.not_number",
                "{'c':-9223372036854775808}|[{'type':'decrement','path':'c','by':1}]|{'c':-9223372036854775808}|0 decrement.not_number",
                "missing|[{'type':'decrement','path':'c','by':-9223372036854775808}]|{'c':9223372036854775808}|",
                "'x'|[{'type':'increment','path':'','by':0}]|'x'|0 increment.not_number",
                "5|[{'type':'decrement','path':'k','by':1}]|5|0 decrement.target_not_object",
                "{'c':5.0}|[{'type':'increment','path':'c','by':0}]|{'c':5.0}|",
                "{'c':1}|[{'type':'increment','path':'c','by':0.5}]|{'c':1.5}|",
                "{'c':1}|[{'type':'increment','path':'c','value':2.0}]|{'c':3}|",
                "{'c':1.7976931348623157e308}|[{'type':'increment','path':'c','by':0},{'type':'set','path':'x','value':5.0}]|{'c':1.7976931348623157E308,'x':5.0}|",
                // merge
                "{'a':{'x':1},'b':2}|[{'type':'merge','value':{'a':{'y':2}}}]|{'a':{'y':2},'b':2}|",
                "{'a':[1]}|[{'type':'merge','path':'a','value':{'y':2}}]|{'a':{'y':2}}|",
                "{}|[{'type':'merge','value':[1]}]|{}|0 merge.value.not_an_object",
                "{}|[{'type':'merge','value':{'__proto__':1}}]|{}|0 merge.value.proto_polluted",
                "{}|[{'type':'merge','value':{'a':{'__proto__':1}}}]|{'a':{'__proto__':1}}|",
                "{}|[{'type':'merge','path':['a',''],'value':5}]|{}|0 merge.path.empty_segment",
            })
    void shouldComeToTheValueAndErrorsOfTheTable(String before, String operations, String after, String errors) {
        Update.Result result = update(before.replace('\'', '"'), operations.replace('\'', '"'));

        assertThat(text(result.value())).isEqualTo(after.replace('\'', '"'));
        assertThat(codes(result)).isEqualTo(errors == null ? "" : errors);
    }

    @ParameterizedTest
    @CsvSource({"__proto__", "constructor", "prototype"})
    void shouldRefuseForbiddenNamesInEveryOperationAtEveryPosition(String name) {
        for (String type : List.of("set", "merge", "increment", "decrement", "append", "remove")) {
            String operation = "[{\"type\":\"" + type + "\",\"path\":\"" + name + "\",\"value\":{},\"by\":1}]";
            assertThat(codes(update("{}", operation))).isEqualTo("0 " + type + ".path.proto_polluted");
        }
        for (String path : List.of("\"" + name + "\",\"a\"", "\"a\",\"" + name + "\"")) {
            assertThat(codes(update("{}", "[{\"type\":\"append\",\"path\":[" + path + "],\"value\":1}]")))
                    .isEqualTo("0 append.path.proto_polluted");
        }
    }

    @Test
    void shouldHoldItsLimits() {
        assertThat(codes(update("{}", append(32, "a")))).isEmpty();
        assertThat(codes(update("{}", append(33, "a")))).isEqualTo("0 append.path.too_deep");
        assertThat(codes(update("{}", append(1, "a".repeat(256))))).isEmpty();
        assertThat(codes(update("{}", append(1, "a".repeat(257))))).isEqualTo("0 append.path.segment_too_long");
        assertThat(codes(update("{}", append(1, "ä".repeat(128))))).isEmpty();
        assertThat(codes(update("{}", append(1, "ä".repeat(129))))).isEqualTo("0 append.path.segment_too_long");
        assertThat(codes(update("{}", merge(members(1024))))).isEmpty();
        assertThat(codes(update("{}", merge(members(1025))))).isEqualTo("0 merge.value.too_many_keys");
        assertThat(codes(update("{}", merge(nested(16))))).isEmpty();
        assertThat(codes(update("{}", merge(nested(17))))).isEqualTo("0 merge.value.too_deep");
    }

    @Test
    void shouldNotLetAValueGrowDeeperThanACallCanCarry() {
        String path = Stream.generate(() -> "\"a\"").limit(30).collect(Collectors.joining(","));
        String operation = "[{\"type\":\"append\",\"path\":[" + path + "],\"value\":%s}]";

        assertThat(codes(update("{}", operation.formatted("[".repeat(95) + "]".repeat(95))))).isEmpty();
        assertThat(codes(update("{}", operation.formatted("[".repeat(96) + "]".repeat(96)))))
                .isEqualTo("0 append.value.too_deep");
    }

    @Test
    void shouldReadMembersWhoseNamesAreHalvesOfCharacters() {
        Update.Result result = update(
                "{\"a\":[{\"\\udc00\":5.0}],\"\\ud800\":1}",
                "[{\"type\":\"increment\",\"path\":\"\\ud800\",\"by\":1},{\"type\":\"set\",\"path\":\"\\udfff\",\"value\":\"\\ud83d\"}]");
        assertThat(codes(result)).isEmpty();
        assertThat(result.value().get("a").get(0).get("\udc00").toString()).isEqualTo("5.0");
        assertThat(result.value().get("\ud800").intValue()).isEqualTo(2);
        assertThat(text(JsonTree.read(JsonTree.write(result.value())))).isEqualTo(text(result.value()));
    }

    @Test
    void shouldReadMembersWithNamesOfAnyLength() {
        String name = "n".repeat(100_000);
        assertThat(codes(update("{\"" + name + "\":1}", "[{\"type\":\"set\",\"path\":\"a\",\"value\":1}]"))).isEmpty();
        assertThat(JsonEquality.same(RawJson.of("{\"" + name + "\":1}"), RawJson.of("{ \"" + name + "\":1}"))).isTrue();
    }

    private static String append(int segments, String name) {
        String path = IntStream.range(0, segments).mapToObj(i -> "\"" + name + "\"").collect(Collectors.joining(","));
        return "[{\"type\":\"append\",\"path\":[" + path + "],\"value\":1}]";
    }

    private static String merge(String value) {
        return "[{\"type\":\"merge\",\"value\":" + value + "}]";
    }

    private static String members(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"m" + i + "\":1")
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String nested(int depth) {
        return "{\"a\":".repeat(depth - 1) + "{}" + "}".repeat(depth - 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[5]",
                "[{}]",
                "[{\"type\":\"foo\"}]",
                "[{\"type\":\"Set\",\"path\":\"a\"}]",
                "[{\"type\":\"set\"}]",
                "[{\"type\":\"set\",\"path\":[\"a\"]}]",
                "[{\"type\":\"merge\"}]",
                "[{\"type\":\"merge\",\"path\":[1],\"value\":{}}]",
                "[{\"type\":\"append\",\"path\":5,\"value\":1}]",
                "[{\"type\":\"increment\",\"path\":\"a\"}]",
                "[{\"type\":\"increment\",\"path\":\"a\",\"by\":\"1\"}]",
                "[{\"type\":\"increment\",\"path\":\"a\",\"by\":9223372036854775808}]",
                "[{\"type\":\"increment\",\"path\":\"a\",\"by\":1e400}]",
                "[{\"type\":\"remove\",\"path\":null}]"
            })
    void shouldRefuseOperationsThatCannotBeRead(String operations) {
        assertThatThrownBy(() -> update("{}", operations)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldSayWhatIsWrong() {
        Update.Result result = update("[1]", """
                [{"type":"append","path":["a","b"],"value":1},{"type":"set","path":"k","value":1},
                 {"type":"append","path":"","value":1},{"type":"increment","path":"","by":1}]""");
        assertThat(result.errors())
                .extracting(UpdateError::message)
                .containsExactly(
                        "Cannot append at path '[a, b]': target is array, expected object.",
                        "Cannot set at path 'k': target is array, expected object.",
                        "Expected number at path 'root', got array.");
        assertThat(codes(update("5", "[{\"type\":\"merge\",\"value\":{}}]", true))).isEqualTo("0 merge.target_not_object");
    }
}
