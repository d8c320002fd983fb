package io.iiikafka.topology.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.queue.QueueSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntryCodecTest {

    static String[] values() {
        return new String[] {
            "{\"a\":1.50,\"b\":100.0,\"c\":1e400,\"d\":-0.0,\"k\":1E5,\"e\":12345678901234567890123}",
            "[1.0, {\"z\" : 1,\"a\":[]}, \"\\u00e9 \\ud800 é😀\"]",
            "\"text with \\\"quotes\\\" and 😀\"",
            "\"\"",
            "-1.50",
            "0",
            "true",
            "{}",
            "1e-99999999999",
            "{\"" + "k".repeat(60_000) + "\":\"" + "v".repeat(60_000) + "\"}"
        };
    }

    @ParameterizedTest
    @MethodSource("values")
    void shouldGiveAConfigBackByteForByteWhereverItStandsAmongTheMembers(String json) {
        RawJson value = RawJson.of(json);
        CatalogEntry.Function function =
                new CatalogEntry.Function("c", "default", "größe 😀", "über", value, RawJson.of("7"), value);

        assertThat(EntryCodec.decode(function.key(), EntryCodec.encode(function))).isEqualTo(function);
    }

    @Test
    void shouldReadATriggerWithoutAConfigAsOneWhoseConfigIsNull() {
        CatalogEntry.Trigger trigger =
                new CatalogEntry.Trigger(null, "t", "cron", "f", "default", null, "default", RawJson.NULL, null);

        assertThat(EntryCodec.decode(trigger.key(), EntryCodec.encode(trigger))).isEqualTo(trigger);
    }

    /** Whoever relied on what is missing would fail on each start, as long as the record is there. */
    @ParameterizedTest
    @ValueSource(strings = {"{}", "null", "[]", "{\"connection\":\"x\",\"id\":\"y\"}", "{\"connection\":\"x\""})
    void shouldTakeWhatLacksMembersForNoEntry(String value) {
        assertThat(EntryCodec.decode("function/x/y", value.getBytes(UTF_8))).isNull();
    }

    @Test
    void shouldTakeTheEntryOfAnotherKeyForNone() {
        CatalogEntry.Function function = new CatalogEntry.Function("c", "default", "f", null, null, null, null);

        assertThat(EntryCodec.decode(EntryKey.function("c", "g"), EntryCodec.encode(function))).isNull();
    }

    /** Sums with them would overflow. */
    @Test
    void shouldReadTheTimesOfAQueueThatAreLongerThanTenYearsAsTenYears() {
        CatalogEntry.Queue queue = new CatalogEntry.Queue("q", true, QueueSettings.DEFAULT);
        String kept = new String(EntryCodec.encode(queue), UTF_8)
                .replaceAll("(\"\\w+Ms\"):\\d+", "$1:" + Long.MAX_VALUE);

        CatalogEntry read = EntryCodec.decode(queue.key(), kept.getBytes(UTF_8));

        assertThat(new String(EntryCodec.encode(read), UTF_8))
                .contains("\"timeoutMs\":" + QueueSettings.LONGEST_MS, "\"dlqRetentionMs\":" + QueueSettings.LONGEST_MS)
                .doesNotContain("" + Long.MAX_VALUE);
    }

    /** Those of an ordinary namespace stand in catalogs under this key. */
    @Test
    void shouldTellTriggerTypesApartWhoseNamespacesAndIdsHaveSlashes() {
        assertThat(EntryKey.triggerType("c", "a", "b/c")).isEqualTo("trigger-type/c/a/b/c");
        assertThat(EntryKey.triggerType("c", "a", "/b")).isEqualTo("trigger-type/c/a//b");
        assertThat(List.of(
                        EntryKey.triggerType("c", "a", "b/c/d"),
                        EntryKey.triggerType("c", "a/b", "c/d"),
                        EntryKey.triggerType("c", "a/b/c", "d"),
                        EntryKey.triggerType("c", "/a", "b/c/d"),
                        EntryKey.triggerType("c", "3", "a/b/c/d")))
                .doesNotHaveDuplicates();
    }
}
