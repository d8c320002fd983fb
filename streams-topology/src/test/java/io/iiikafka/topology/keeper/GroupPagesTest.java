package io.iiikafka.topology.keeper;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.state.StateRoom;
import io.iiikafka.topology.keeper.state.StateSettings;
import io.iiikafka.topology.keeper.stream.StreamRoom;
import io.iiikafka.topology.keeper.stream.StreamSettings;
import io.iiikafka.topology.record.Call;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scopes and groups are listed page by page, so that a great number of them holds up no other command. */
class GroupPagesTest {

    private static final String GROUP = "\"stream_name\":\"s\",\"group_id\":\"g\"";
    private static final int MANY = 4_500;

    @TempDir
    private Path directory;

    private KeeperBench keeper;

    @BeforeEach
    void start() {
        keeper = new KeeperBench(directory);
    }

    @AfterEach
    void close() {
        keeper.close();
    }

    private static Placement.Listing listing(List<? extends KeeperFunction> functions, String id, String data) {
        KeeperFunction function =
                functions.stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
        Call call = new Call("i", id, "default", RawJson.of(data), null, true, "w", null, null, 1);
        return (Placement.Listing) function.placement(call);
    }

    private List<RawJson> pages(Placement.Listing listing, String data) {
        List<RawJson> pages = new ArrayList<>();
        Page page = Page.of(RawJson.of(keeper.answer(listing.partFunction(), data)));
        while (true) {
            pages.add(requireNonNull(page).rows());
            if (page.next() == null) {
                return pages;
            }
            String cursor = JsonBuilder.object().member("cursor", page.next()).build().toString();
            page = Page.of(RawJson.of(keeper.answer(listing.nextFunction(), cursor)));
        }
    }

    private String list(Placement.Listing listing, String data) {
        return listing.merge().merge(pages(listing, data)).toString();
    }

    private void set(String scope) {
        keeper.answer("state::set", "{\"scope\":\"" + scope + "\",\"key\":\"k\",\"value\":1}");
    }

    private void item(String stream, String group) {
        keeper.answer(
                "stream::set",
                "{\"stream_name\":\"" + stream + "\",\"group_id\":\"" + group + "\",\"item_id\":\"i\",\"data\":1}");
    }

    private Placement.Listing scopes(String data) {
        return listing(new StateRoom(StateSettings.DEFAULT).functions(), "state::list_groups", data);
    }

    private Placement.Listing groups(String function, String data) {
        return listing(new StreamRoom(StreamSettings.DEFAULT).functions(), function, data);
    }

    @Test
    void shouldListManyScopesInPages() {
        for (int i = 0; i < MANY; i++) {
            set("s-" + i);
        }
        set("a");
        set("z");
        keeper.answer("state::delete", "{\"scope\":\"z\",\"key\":\"k\"}");
        Placement.Listing all = scopes("{}");

        List<RawJson> pages = pages(all, "{}");

        assertThat(pages).hasSize(3).allSatisfy(page -> assertThat(page.toTree().size()).isBetween(1, 2_000));
        String list = all.merge().merge(pages).toString();
        assertThat(list).startsWith("{\"groups\":[\"a\",\"s-0\",\"s-1\",\"s-10\",").endsWith("\"s-999\"]}");
        assertThat(RawJson.of(list).toTree().get("groups")).hasSize(MANY + 1);
        assertThat(list(all, "{\"prefix\":\"s-449\"}")).contains("\"s-449\",\"s-4490\",").doesNotContain("s-45");
    }

    @Test
    void shouldListForksBesideTheScopesWhenTheyAreWanted() {
        for (int i = 0; i < 2_001; i++) {
            set("s-" + i);
            keeper.answer("state::fork", "{\"scope\":\"s-" + i + "\",\"name\":\"f\"}");
        }
        String wanted = "{\"include_forks\":true}";

        RawJson list = RawJson.of(list(scopes(wanted), wanted));

        assertThat(list.toTree().get("groups")).hasSize(2 * 2_001);
        assertThat(RawJson.of(list(scopes("{}"), "{}")).toTree().get("groups")).hasSize(2_001);
        String some = "{\"include_forks\":true,\"prefix\":\"s-2000\"}";
        assertThat(list(scopes(some), some)).isEqualTo("{\"groups\":[\"s-2000\",\"s-2000@f\"]}");
    }

    @Test
    void shouldListManyGroupsInPages() {
        for (int i = 0; i < MANY; i++) {
            item("s", "g-" + i);
        }
        item("s/", "g");
        item("r", "g");
        String wanted = "{\"stream_name\":\"s\"}";
        Placement.Listing all = groups("stream::list_groups", wanted);

        List<RawJson> pages = pages(all, wanted);

        assertThat(pages).hasSize(3).allSatisfy(page -> assertThat(page.toTree().size()).isBetween(1, 2_000));
        assertThat(all.merge().merge(pages).toTree()).hasSize(MANY);
        String some = "{\"stream_name\":\"s\",\"prefix\":\"g-44\",\"after\":\"g-4497\"}";
        assertThat(list(groups("stream::list_groups", some), some)).isEqualTo("[\"g-4498\",\"g-4499\"]");
        assertThat(list(groups("stream::list_all", "{}"), "{}"))
                .startsWith("{\"stream\":[{\"id\":\"r\",\"groups\":[\"g\"]},{\"id\":\"s\",\"groups\":[\"g-0\",")
                .endsWith("{\"id\":\"s/\",\"groups\":[\"g\"]}],\"count\":3}");
    }

    @Test
    void shouldGatherNoMoreGroupsThanAreWanted() {
        for (int i = 0; i < 30; i++) {
            item("s", "g-" + i);
        }
        for (String group : List.of("g", "g/1", "g%1", "g.1", "g01", "h/", "h", "h-")) {
            item("s", group);
        }
        String first = "{\"stream_name\":\"s\",\"limit\":3,\"after\":\"g-5\"}";
        Placement.Listing few = groups("stream::list_groups", first);
        List<RawJson> pages = pages(few, first);

        assertThat(pages).hasSize(1);
        assertThat(pages.getFirst().toTree().size()).isLessThanOrEqualTo(4);
        assertThat(few.merge().merge(pages)).hasToString("[\"g-6\",\"g-7\",\"g-8\"]");

        List<String> all = new ArrayList<>();
        String after = "";
        while (true) {
            String wanted = "{\"stream_name\":\"s\",\"limit\":1,\"after\":\"" + after + "\"}";
            JsonNode next = RawJson.of(list(groups("stream::list_groups", wanted), wanted)).toTree();
            if (next.isEmpty()) {
                break;
            }
            after = next.get(0).textValue();
            all.add(after);
        }
        assertThat(all).hasSize(38).isSorted().startsWith("g", "g%1", "g-0").endsWith("g/1", "g01", "h", "h-", "h/");
    }

    @Test
    void shouldShowALongGroupInPagesToWhoJoinsIt() {
        for (int i = 0; i < 600; i++) {
            keeper.answer("stream::set", "{" + GROUP + ",\"item_id\":\"i" + (999 - i) + "\",\"data\":{\"n\":" + i + "}}");
        }
        String join = "{" + GROUP + ",\"snapshot\":true,\"filters\":[";
        JsonNode first = RawJson.of(keeper.answer(StreamRoom.JOIN, join + "]}")).toTree();
        keeper.answer("stream::delete", "{" + GROUP + ",\"item_id\":\"i999\"}");

        List<RawJson> pages = new ArrayList<>(List.of(RawJson.of(first.get("rows").toString())));
        String cursor = first.get("next").textValue();
        while (cursor != null) {
            Page page = Page.of(RawJson.of(keeper.answer(StreamRoom.NEXT, "{\"cursor\":\"" + cursor + "\"}")));
            pages.add(requireNonNull(page).rows());
            cursor = page.next();
        }

        assertThat(first.has("data")).isFalse();
        assertThat(first.get("offset").intValue()).isEqualTo(600);
        assertThat(pages).hasSize(3);
        JsonNode values = StreamRoom.values(pages).toTree();
        assertThat(values).hasSize(600);
        assertThat(values.get(0)).hasToString("{\"n\":0}");
        assertThat(values.get(599)).hasToString("{\"n\":599}");
        assertThat(keeper.answer(StreamRoom.JOIN, join + "\"n < 3\"]}")).endsWith("\"data\":[{\"n\":1},{\"n\":2}]}");
    }
}
