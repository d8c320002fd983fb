package io.iiikafka.topology.keeper;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.stream.StreamRoom;
import io.iiikafka.topology.keeper.stream.StreamSettings;
import io.iiikafka.topology.record.Call;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What items were is read in pages, so that it holds nobody up (spec: stream.md 13.3). */
class StreamPastTest {

    private static final String GROUP = "\"stream_name\":\"s\",\"group_id\":\"g\"";

    private final Room room = new StreamRoom(StreamSettings.DEFAULT);

    @TempDir
    private Path directory;

    @AutoClose
    private KeeperBench keeper;

    @BeforeEach
    void start() {
        keeper = new KeeperBench(directory, List.of(room));
    }

    private void set(int from, int to, String item) {
        for (int first = from; first < to; first += 100) {
            StringBuilder writes = new StringBuilder();
            for (int i = first; i < Math.min(to, first + 100); i++) {
                writes.append(i == first ? "" : ",")
                        .append("{\"op\":\"set\",\"item_id\":\"").append(item.isEmpty() ? "i" + i : item).append("\",\"data\":")
                        .append(i).append('}');
            }
            assertThat(keeper.answer("stream::transact", "{" + GROUP + ",\"writes\":[" + writes + "]}")).contains("true");
        }
    }

    private Placement.Listing listing(String members) {
        KeeperFunction function = room.functions().stream()
                .filter(each -> each.id().equals("stream::get_at"))
                .findFirst()
                .orElseThrow();
        return (Placement.Listing) function.placement(new Call(
                "i", "stream::get_at", "default", RawJson.of("{" + GROUP + members + "}"), null, true, "w", null, null, 1));
    }

    /** All pages; {@code between} is done after the first. */
    private List<RawJson> pages(String members, Runnable between) {
        List<RawJson> rows = new ArrayList<>();
        Placement.Listing listing = listing(members);
        String answer = keeper.answer(listing.partFunction(), "{" + GROUP + members + "}");
        while (true) {
            Page page = requireNonNull(Page.of(RawJson.of(answer)), answer);
            rows.add(page.rows());
            if (rows.size() == 1) {
                between.run();
            }
            if (page.next() == null) {
                return rows;
            }
            answer = keeper.answer(listing.nextFunction(), "{\"cursor\":\"" + page.next() + "\"}");
            if (!answer.startsWith("{")) {
                rows.add(RawJson.of("\"" + answer + "\""));
                return rows;
            }
        }
    }

    @Test
    void shouldTellWhatAGroupWasInPagesWhateverChangesMeanwhile() {
        set(0, 3_000, "");
        set(0, 500, "i7");
        String direct = keeper.answer("stream::get_at", "{" + GROUP + ",\"offset\":3100}");
        List<RawJson> pages = pages(",\"offset\":3100", () -> {
            set(0, 200, "i9");
            keeper.answer("stream::delete", "{" + GROUP + ",\"item_id\":\"i2999\"}");
            set(9_000, 9_010, "");
        });
        assertThat(pages).hasSizeGreaterThan(5);
        assertThat(listing(",\"offset\":3100").merge().merge(pages)).hasToString(direct);
        assertThat(direct).contains("{\"id\":\"i7\",\"value\":99}", "{\"id\":\"i2999\",\"value\":2999}");
    }

    @Test
    void shouldLookForOneItemNoFurtherThanItMustAndThenInPages() {
        set(0, 1, "needle");
        set(1, 10_000, "other");
        set(10_000, 10_001, "needle");
        String needle = ",\"item_id\":\"needle\"";
        assertThat(pages(needle + ",\"offset\":10001", () -> {})).as("it is as it is stored").hasSize(1);
        assertThat(pages(needle + ",\"offset\":2", () -> {})).as("it is near").hasSize(1);
        List<RawJson> pages = pages(needle + ",\"offset\":9999", () -> {});
        assertThat(pages).as("2,000 events are looked at for a page").hasSize(5);
        assertThat(listing(needle).merge().merge(pages)).hasToString("{\"value\":0,\"exists\":true,\"offset\":9999}");
    }

    @Test
    void shouldSayThatHistoryDoesNotReachBackWhenALaterPageFindsSo() {
        set(0, 1, "old");
        set(1, 5_000, "other");
        keeper.answer("stream::set", "{" + GROUP + ",\"item_id\":\"old\",\"data\":\"" + "x".repeat(1 << 20) + "\"}");
        set(5_001, 8_000, "other");
        keeper.answer("stream::set", "{" + GROUP + ",\"item_id\":\"old\",\"data\":1}");
        List<RawJson> pages = pages(",\"item_id\":\"old\",\"offset\":8000", () -> {});
        assertThat(pages.getLast()).hasToString("\"OFFSET_OUT_OF_RANGE\"");
    }
}
