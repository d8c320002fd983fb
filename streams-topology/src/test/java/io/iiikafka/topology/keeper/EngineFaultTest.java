package io.iiikafka.topology.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A command on which the keeper fails is answered, and holds up no other. */
class EngineFaultTest {

    @TempDir
    private Path directory;

    /** A function that cannot be run. */
    private record Broken(String id) implements KeeperFunction {

        @Override
        public String workerName() {
            return "w";
        }

        @Override
        public String description() {
            return "Broken";
        }

        @Override
        public RawJson requestFormat() {
            return RawJson.EMPTY_OBJECT;
        }

        @Override
        public @Nullable RawJson responseFormat() {
            return null;
        }

        @Override
        public Placement placement(Call call) {
            return new Placement.Owner("");
        }
    }

    /** A room in which everything fails. */
    private record Ruin(List<KeeperFunction> functions, Runnable fails) implements Room {

        @Override
        public List<String> parts() {
            return List.of();
        }

        @Override
        public List<StoreBuilder<?>> stores() {
            return List.of();
        }

        @Override
        public Desks open(Catalog catalog) {
            return stores -> command -> {
                fails.run();
                throw new IllegalStateException("the disk is gone");
            };
        }
    }

    @ParameterizedTest
    @CsvSource({
        "state::set,SET_ERROR", "state::get,GET_ERROR", "state::delete,DELETE_ERROR", "state::update,UPDATE_ERROR",
        "state::list_part,LIST_ERROR", "iii::state::groups_part,LIST_GROUPS_ERROR", "state::fork,KEEPER_ERROR",
        "stream::set,STREAM_SET_ERROR", "stream::get,STREAM_GET_ERROR", "stream::delete,STREAM_DELETE_ERROR",
        "stream::update,STREAM_UPDATE_ERROR", "iii::stream::list_part,STREAM_GET_GROUP_ERROR",
        "iii::stream::groups_part,STREAM_LIST_GROUPS_ERROR", "iii::stream::all_part,STREAM_LIST_ALL_ERROR",
        "stream::send,STREAM_SEND_ERROR", "state::compare-and-set,CAS_ERROR", "state::list_keys_part,LIST_KEYS_ERROR"
    })
    void shouldAnswerWithTheCodeOfTheFunction(String function, String code) {
        try (KeeperBench keeper = new KeeperBench(directory, List.of(new Ruin(List.of(new Broken(function)), () -> {})))) {
            assertThat(keeper.answer(function, "{}")).isEqualTo(code);
            assertThat(keeper.answer(function, "{}")).isEqualTo(code);
        }
    }

    @Test
    void shouldAnswerWhenACommandTakesMoreStackThanThereIs() {
        Runnable deep = () -> {
            throw new StackOverflowError();
        };
        try (KeeperBench keeper = new KeeperBench(directory, List.of(new Ruin(List.of(new Broken("publish")), deep)))) {
            assertThat(keeper.answer("publish", "{}")).isEqualTo("KEEPER_ERROR");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "state::list_keys_part,LIST_KEYS_ERROR,Failed to list keys: lost",
        "own::state::list_keys_part,LIST_KEYS_ERROR,Failed to list keys: lost",
        "state::list_part,LIST_ERROR,Failed to list values: lost"
    })
    void shouldFailOnALaterPageAsOnTheFirst(String part, String code, String message) {
        Outcome.Failure failure = (Outcome.Failure) EngineFault.of(Page.NEXT, "lost");

        Outcome outcome = EngineFault.ofPage(failure, Page.NEXT, part);

        assertThat(((Outcome.Failure) outcome).error().code()).isEqualTo(code);
        assertThat(((Outcome.Failure) outcome).error().message()).isEqualTo(message);
    }

    @Test
    void shouldSayWhatWentWrong() {
        Outcome outcome = EngineFault.of("state::set", new IllegalStateException("the disk is gone"));

        assertThat(((Outcome.Failure) outcome).error().message())
                .isEqualTo("Failed to set value: java.lang.IllegalStateException: the disk is gone");
    }
}
