package io.iiikafka.topology.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions of keys and what depends on them (spec: state.md 12.2, 12.3). */
class StateVersionsTest {

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

    private String state(String function, String members) {
        return keeper.answer("state::" + function, "{\"scope\":\"s\",\"key\":\"k\"" + members + "}");
    }

    @Test
    void shouldTellVersionRevisionAndTimeOfAKey() {
        assertThat(state("get_versioned", ""))
                .isEqualTo("{\"exists\":false,\"value\":null,\"version\":0,\"revision\":0,\"updated_at\":null}");
        state("set", ",\"value\":1");
        keeper.answer("state::set", "{\"scope\":\"s\",\"key\":\"l\",\"value\":1}");
        keeper.now += 5;
        state("update", ",\"ops\":[{\"type\":\"increment\",\"path\":\"\",\"by\":1}]");
        assertThat(state("get_versioned", ""))
                .isEqualTo("{\"exists\":true,\"value\":2,\"version\":2,\"revision\":3,\"updated_at\":" + keeper.now + "}");
    }

    @Test
    void shouldNeverGiveTheSameVersionTwiceWhenAKeyIsRemovedAndMadeAgain() {
        state("set", ",\"value\":1");
        state("set", ",\"value\":2");
        state("delete", "");
        assertThat(state("get_versioned", "")).contains("\"exists\":false", "\"version\":3,\"revision\":3");
        state("delete", "");
        assertThat(state("get_versioned", "")).contains("\"version\":3,\"revision\":3");
        state("set", ",\"value\":3");
        assertThat(state("get_versioned", "")).contains("\"exists\":true", "\"version\":4,\"revision\":4");
        state("delete", "");
        state("set", ",\"value\":4");
        assertThat(state("get_versioned", "")).contains("\"version\":6");
    }

    @Test
    void shouldWriteOnlyAtTheVersionThatTheCallerKnows() {
        assertThat(state("set", ",\"value\":1,\"if_version\":1")).isEqualTo("VERSION_MISMATCH");
        assertThat(state("set", ",\"value\":1,\"if_version\":0")).contains("new_value");
        assertThat(state("set", ",\"value\":2,\"if_version\":0")).isEqualTo("VERSION_MISMATCH");
        assertThat(state("set", ",\"value\":2,\"if_version\":1")).contains("new_value");
        assertThat(state("update", ",\"ops\":[],\"if_version\":1")).isEqualTo("VERSION_MISMATCH");
        assertThat(state("delete", ",\"if_version\":1")).isEqualTo("VERSION_MISMATCH");
        assertThat(state("get", "")).isEqualTo("2");
        assertThat(state("delete", ",\"if_version\":2")).isEqualTo("2");
        assertThat(state("set", ",\"value\":3,\"if_version\":2")).isEqualTo("VERSION_MISMATCH");
        assertThat(state("set", ",\"value\":3,\"if_version\":0")).contains("new_value");
        assertThat(state("set", ",\"value\":3,\"if_version\":-1")).isEqualTo("deserialization_error");
    }

    @Test
    void shouldUpdateOnlyWhatIsThereWhenToldNeverToCreate() {
        assertThat(state("update", ",\"ops\":[],\"create\":\"never\"")).isEqualTo("NOT_FOUND");
        assertThat(state("get_versioned", "")).contains("\"exists\":false");
        state("set", ",\"value\":{}");
        assertThat(state("update", ",\"ops\":[],\"create\":\"never\"")).contains("new_value");
    }

    @Test
    void shouldChangeNothingWhenOneOfAllOrNothingFails() {
        state("set", ",\"value\":{\"t\":\"x\"}");
        assertThat(state("update", ",\"all_or_nothing\":true,\"ops\":[{\"type\":\"set\",\"path\":\"a\",\"value\":1},"
                        + "{\"type\":\"increment\",\"path\":\"t\",\"by\":1}]"))
                .startsWith("{\"old_value\":{\"t\":\"x\"},\"new_value\":{\"t\":\"x\"},\"errors\":[{\"op_index\":1");
        assertThat(state("get_versioned", "")).contains("\"value\":{\"t\":\"x\"},\"version\":1");
    }
}
