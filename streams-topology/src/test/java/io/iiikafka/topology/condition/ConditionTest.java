package io.iiikafka.topology.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;

import io.iiikafka.sdk.protocol.RawJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {

    private static boolean isTrue(String condition, String before, String after) throws InvalidConditionException {
        return Condition.compile(condition)
                .isTrue(new Change("orders", "o-1", "state:updated", json(before), json(after)));
    }

    private static RawJson json(String text) {
        return text == null ? null : RawJson.of(text.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "status == \"pending\"|{'status':'pending'}|true",
                "status == 'pending'|{'status':'done'}|false",
                "status == 'pending'|{}|false",
                "status == 'pending'|5|false",
                "status != 'pending'|{}|true",
                "status == null|{}|true",
                "a.b.c == null|{'a':5}|true",
                "!(a.b == 1)|{}|true",
                "a.b == 1|{'a':{'b':1.0}}|true",
                "n > 5|{'n':5.5}|true",
                "n > 5|{'n':'6'}|false",
                "n > 5|{}|false",
                "!(n > 5)|{}|true",
                "!(n < 5) && !(n <= 5) && !(n >= 5)|{'n':'4'}|true",
                "(n > 5) == false && !(n < m)|{'n':[1],'m':[2]}|true",
                "!(n > 5.5) && n >= 5u && n < 5.1 && n + 1 <= 6|{'n':5}|true",
                "n < 9007199254740993 && !(n < 0.0 / 0.0)|{'n':9007199254740992.0}|true",
                "n < m && !(m <= n) && m >= 'b'|{'n':'a','m':'b'}|true",
                "'\uFFFD' < n|{'n':'😀'}|true",
                "n > false && n <= true|{'n':true}|true",
                "timestamp('2026-01-02T00:00:00Z') > timestamp('2026-01-01T00:00:00Z')|{}|true",
                "duration('1s') < duration('2s') && !(duration('1s') < n)|{'n':5}|true",
                "n >= 9223372036854775807|{'n':18446744073709551615}|true",
                "list[1] == 'b'|{'list':['a','b']}|true",
                "list[7] == null|{'list':['a','b']}|true",
                "new_value['a-b'] == 1|{'a-b':1}|true",
                "new_value == 5|5|true",
                "new_value == null|null|true",
                "'b' in list|{'list':['a','b']}|true",
                "'k' in new_value|{'k':null}|true",
                "'x' in new_value|{'k':null}|false",
                "has(new_value.k)|{'k':null}|true",
                "has(a.b)|{'a':{}}|false",
                "size(list) == 2|{'list':['a','b']}|true",
                "name.startsWith('ab') && name.endsWith('c')|{'name':'abc'}|true",
                "name.startsWith('ab')|{}|false",
                "!name.startsWith('x')|{}|true",
                "!name.endsWith('x') && !name.contains('x')|{'name':5}|true",
                "name.contains('b')|{'name':'abc'}|true",
                "!('done' in tags)|{}|true",
                "!('done' in tags)|{'tags':'done'}|false",
                "!tags.contains('done')|{'tags':['done']}|false",
                "!new_value.contains('tags')|{'tags':1}|false",
                "2 in list && 2.0 in list && [1] in list && o in list|{'list':[2,[1.0],{'a':1.0}],'o':{'a':1}}|true",
                "null in list && !(3 in list)|{'list':[null,'3']}|true",
                "!('done' in tags)|{'tags':['done']}|false",
                "size(tags) == 0|{}|true",
                "tags.size() == 0|{'tags':5}|true",
                "size(name) == 2|{'name':'a😀'}|true",
                "lower(name) == 'äb' && upper(name) == 'ÄB'|{'name':'Äb'}|true",
                "name.lowerAscii() == 'Äb' && name.upperAscii() == 'ÄB'|{'name':'ÄB'}|true",
                "lower(name) == null|{}|true",
                "lower(name) == null|{'name':5}|true",
                "status in ['a','b']|{'status':'b'}|true",
                "type == 'x' && map.string == 1|{'type':'x','map':{'string':1}}|true",
                "type(n) != string|{'n':1}|true",
                "type(n) == int|{'n':1}|true",
                "scope == 'orders' && key == 'o-1' && event_type == 'state:updated'|{}|true",
                "status|{'status':true}|true",
                "status|{'status':1}|false"
            })
    void shouldTellOfTheNewValue(String condition, String after, boolean expected) throws InvalidConditionException {
        assertThat(isTrue(condition, null, after)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "none",
            value = {
                "changed(status)|{'status':1}|{'status':2}|true",
                "changed(status)|{'status':1}|{'status':1}|false",
                "changed(a.b)|{'a':{}}|{'a':{'b':null}}|true",
                "changed(new_value)|1|2|true",
                "old_value.n < n|{'n':1}|{'n':2}|true",
                "old_value == null|none|{}|true",
                "event_type == 'state:updated'|1|1|true"
            })
    void shouldTellOfTheChange(String condition, String before, String after, boolean expected)
            throws InvalidConditionException {
        assertThat(isTrue(condition, before, after)).isEqualTo(expected);
        assertThat(Condition.compile(condition).isAboutChange()).isTrue();
    }

    @Test
    void shouldKnowWhenItIsAboutAValueAlone() throws InvalidConditionException {
        assertThat(Condition.compile("status == 'a' && new_value.b == 1 && key == 'k'").isAboutChange()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "status ==", "foo(1)", "[1].all(x, x > 0)", "{'a': 1}", "\"open"})
    void shouldRefuseWhatIsNoConditionAndSayWhere(String condition) {
        assertThatThrownBy(() -> Condition.compile(condition)).isInstanceOf(InvalidConditionException.class);
    }

    @Test
    void shouldRefuseAChangeOfAChangeHoweverDeepItIs() throws InvalidConditionException {
        String deep = "changed(".repeat(28) + "a" + ")".repeat(28);
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> assertThatThrownBy(() -> Condition.compile(deep))
                .isInstanceOf(InvalidConditionException.class)
                .hasMessage("`changed` cannot stand within another `changed`"));
        assertThat(isTrue("changed(a) && changed(b)", "{'a':1,'b':1}", "{'a':2,'b':2}")).isTrue();
    }

    @Test
    void shouldRefuseWhatIsTooLong() {
        assertThatThrownBy(() -> Condition.compile("a == '" + "x".repeat(4096) + "'"))
                .isInstanceOf(InvalidConditionException.class);
        assertThatThrownBy(() -> Condition.compile("a" + " + a".repeat(400))).isInstanceOf(InvalidConditionException.class);
        assertThatThrownBy(() -> Condition.compile("status = 1")).hasMessageContaining("at offset 7");
    }
}
