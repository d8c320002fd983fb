package io.iiikafka.topology.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

import io.iiikafka.topology.topics.KeeperStore;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A value that is set for a time has one note of when that ends, as long as it is there (spec: state.md 12.2, stream.md 13.10). */
class TimeToLiveNotesTest {

    private static final String GROUP = "\"stream_name\":\"s\",\"group_id\":\"g\"";

    /** Fails on any value that is text. */
    private static final String SPOILER = "\"ops\":[{\"type\":\"increment\",\"path\":\"\",\"by\":1}]";

    @TempDir
    private Path directory;

    @AutoClose
    private KeeperBench keeper;

    @BeforeEach
    void start() {
        keeper = new KeeperBench(directory);
    }

    private String state(String function, String members) {
        return on("s", function, members);
    }

    private String on(String scope, String function, String members) {
        return keeper.answer("state::" + function, "{\"scope\":\"" + scope + "\"" + members + "}");
    }

    private void setFor(long ms) {
        assertThat(state("set", ",\"key\":\"k\",\"value\":1,\"ttl_ms\":" + ms)).contains("new_value");
    }

    private List<String> stateNotes() {
        return keeper.notes(KeeperStore.STATE_NOTES, "expires/");
    }

    private String stream(String function, String members) {
        return keeper.answer("stream::" + function, "{" + GROUP + members + "}");
    }

    private List<String> streamNotes() {
        return keeper.notes(KeeperStore.STREAM_NOTES, "ttl/");
    }

    @Test
    void shouldNoteOnlyTheLastTimeOfAValueThatIsSetAgainAndAgain() {
        for (int i = 0; i < 1_000; i++) {
            setFor(60_000);
            keeper.now++;
        }
        assertThat(stateNotes()).hasSize(1);
        keeper.elapse(59_998);
        assertThat(state("get", ",\"key\":\"k\"")).isEqualTo("1");
        keeper.elapse(2_000);
        assertThat(stateNotes()).isEmpty();
        assertThat(state("list_keys", "")).isEqualTo("{\"keys\":[]}");
    }

    @Test
    void shouldNoteNothingOfAValueThatStaysOrIsGone() {
        setFor(60_000);
        state("set", ",\"key\":\"k\",\"value\":2");
        assertThat(stateNotes()).isEmpty();
        setFor(60_000);
        state("delete", ",\"key\":\"k\"");
        assertThat(stateNotes()).isEmpty();
        setFor(60_000);
        state("update", ",\"key\":\"k\",\"ops\":[{\"type\":\"increment\",\"path\":\"\",\"by\":1}]");
        assertThat(stateNotes()).isEmpty();
        keeper.elapse(100_000);
        assertThat(state("get", ",\"key\":\"k\"")).isEqualTo("2");
    }

    @Test
    void shouldKeepTheNoteOfAValueWhoseChangeIsTakenBack() {
        setFor(60_000);
        state("set", ",\"key\":\"t\",\"value\":\"text\"");
        List<String> before = stateNotes();
        assertThat(state("transact", ",\"all_or_nothing\":true,\"writes\":[{\"op\":\"set\",\"key\":\"k\",\"value\":2},"
                        + "{\"op\":\"delete\",\"key\":\"k\"},{\"op\":\"update\",\"key\":\"t\"," + SPOILER + "}]"))
                .startsWith("{\"committed\":false");
        assertThat(stateNotes()).hasSize(1).isEqualTo(before);
        keeper.elapse(60_001);
        assertThat(state("list_keys", "")).isEqualTo("{\"keys\":[\"t\"]}");
    }

    @Test
    void shouldNoteWhatAForkHoldsAndWhatIsMergedApart() {
        setFor(60_000);
        on("s", "fork", ",\"name\":\"f\"");
        on("s@f", "set", ",\"key\":\"k\",\"value\":2,\"ttl_ms\":30000");
        assertThat(stateNotes()).hasSize(2);
        on("s@f", "merge_fork", "");
        assertThat(stateNotes()).as("the fork is gone").hasSize(1).allMatch(name -> name.endsWith("/s/k"));
        keeper.elapse(31_000);
        assertThat(state("list_keys", "")).isEqualTo("{\"keys\":[]}");
        assertThat(stateNotes()).isEmpty();
    }

    @Test
    void shouldShowTheSameInAForkWhenATransactionIsTakenBack() {
        state("set", ",\"key\":\"a\",\"value\":1");
        state("set", ",\"key\":\"b\",\"value\":2");
        state("set", ",\"key\":\"t\",\"value\":\"text\"");
        on("s", "fork", ",\"name\":\"f\"");
        on("s@f", "delete", ",\"key\":\"b\"");
        on("s@f", "transact", ",\"all_or_nothing\":true,\"writes\":[{\"op\":\"delete\",\"key\":\"a\"},"
                + "{\"op\":\"set\",\"key\":\"b\",\"value\":3},{\"op\":\"update\",\"key\":\"t\"," + SPOILER + "}]");
        assertThat(on("s@f", "list_keys", "")).isEqualTo("{\"keys\":[\"a\",\"t\"]}");
    }

    @Test
    void shouldNoteOnlyTheLastTimeOfAnItemThatIsSetAgainAndAgain() {
        for (int i = 0; i < 1_000; i++) {
            stream("set", ",\"item_id\":\"i\",\"data\":1,\"ttl_ms\":60000");
            keeper.now++;
        }
        assertThat(streamNotes()).hasSize(1);
        keeper.elapse(59_998);
        assertThat(stream("list", "")).isEqualTo("[1]");
        keeper.elapse(2_000);
        assertThat(stream("list", "")).isEqualTo("[]");
        assertThat(streamNotes()).isEmpty();
    }

    @Test
    void shouldNoteNothingOfAnItemThatStaysOrIsGone() {
        for (String end : List.of("set\",\"data\":2", "delete\"", "update\",\"ops\":[]")) {
            stream("transact", ",\"writes\":[{\"op\":\"set\",\"item_id\":\"i\",\"data\":1,\"ttl_ms\":60000}]");
            assertThat(streamNotes()).hasSize(1);
            stream("transact", ",\"writes\":[{\"item_id\":\"i\",\"op\":\"" + end + "}]");
            assertThat(streamNotes()).as(end).isEmpty();
        }
    }

    @Test
    void shouldKeepTheNoteOfAnItemWhoseChangeIsTakenBack() {
        stream("set", ",\"item_id\":\"i\",\"data\":1,\"ttl_ms\":60000");
        stream("set", ",\"item_id\":\"t\",\"data\":\"text\"");
        List<String> before = streamNotes();
        stream("transact", ",\"all_or_nothing\":true,\"writes\":["
                + "{\"op\":\"set\",\"item_id\":\"i\",\"data\":2,\"ttl_ms\":5},{\"op\":\"update\",\"item_id\":\"t\"," + SPOILER + "}]");
        assertThat(streamNotes()).hasSize(1).isEqualTo(before);
        keeper.elapse(60_001);
        assertThat(stream("list", "")).isEqualTo("[\"text\"]");
    }
}
