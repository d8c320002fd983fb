package io.iiikafka.topology.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

import io.iiikafka.topology.topics.KeeperStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Items of a transaction that are set for a time. */
class StreamTimeToLiveTest {

    private static final String GROUP = "\"stream_name\":\"s\",\"group_id\":\"g\"";

    @TempDir
    private Path directory;

    @Test
    void shouldRemoveWhatATransactionSetForATime() {
        try (KeeperBench keeper = new KeeperBench(directory)) {
            String written = keeper.answer("stream::transact", "{" + GROUP + ",\"writes\":["
                    + "{\"op\":\"set\",\"item_id\":\"a\",\"data\":1,\"ttl_ms\":1000},"
                    + "{\"op\":\"set\",\"item_id\":\"b\",\"data\":2,\"ttl_ms\":1000},"
                    + "{\"op\":\"set\",\"item_id\":\"b\",\"data\":3},"
                    + "{\"op\":\"set\",\"item_id\":\"c\",\"data\":4}]}");
            assertThat(written).startsWith("{\"committed\":true");
            keeper.elapse(999);
            assertThat(keeper.answer("stream::list", "{" + GROUP + "}")).isEqualTo("[1,3,4]");
            keeper.elapse(100);
            assertThat(keeper.answer("stream::list", "{" + GROUP + "}")).isEqualTo("[3,4]");
            assertThat(keeper.answer(
                            "stream::transact",
                            "{" + GROUP + ",\"writes\":[{\"op\":\"set\",\"item_id\":\"a\",\"data\":1,\"ttl_ms\":0}]}"))
                    .isEqualTo("deserialization_error");
        }
    }

    @Test
    void shouldRemoveByACommandSoThatTheEventHasItsPlaceAmongOthers() {
        try (KeeperBench keeper = new KeeperBench(directory)) {
            keeper.answer("stream::set", "{" + GROUP + ",\"item_id\":\"a\",\"data\":1,\"ttl_ms\":1000}");
            String note = keeper.notes(KeeperStore.STREAM_NOTES, "ttl/").getFirst();
            keeper.answer("iii::stream::expire", "{" + GROUP + ",\"note\":\"" + note + "\"}");
            assertThat(keeper.answer("stream::list", "{" + GROUP + "}")).as("it is not due").isEqualTo("[1]");
            keeper.written();
            keeper.elapse(1_001);
            assertThat(keeper.written())
                    .filteredOn(record -> record.startsWith("iii.commands ") && record.contains(note))
                    .hasSize(1);
            keeper.elapse(1_001);
            assertThat(keeper.written()).noneMatch(record -> record.startsWith("iii.commands "));
            assertThat(keeper.answer("stream::read", "{" + GROUP + "}")).contains("\"offset\":2", "\"event_id\":\"expired:");
        }
    }

    @Test
    void shouldNotRemoveAnItemForATransactionThatWasNotCommitted() {
        try (KeeperBench keeper = new KeeperBench(directory)) {
            keeper.answer("stream::set", "{" + GROUP + ",\"item_id\":\"b\",\"data\":\"text\"}");
            String refused = keeper.answer("stream::transact", "{" + GROUP + ",\"all_or_nothing\":true,\"writes\":["
                    + "{\"op\":\"set\",\"item_id\":\"a\",\"data\":1,\"ttl_ms\":1000},"
                    + "{\"op\":\"update\",\"item_id\":\"b\","
                    + "\"ops\":[{\"type\":\"increment\",\"path\":\"\",\"by\":1}]}]}");
            assertThat(refused).startsWith("{\"committed\":false");
            keeper.answer("stream::set", "{" + GROUP + ",\"item_id\":\"a\",\"data\":1}");
            keeper.elapse(2_000);
            assertThat(keeper.answer("stream::list", "{" + GROUP + "}")).isEqualTo("[\"text\",1]");
        }
    }
}
