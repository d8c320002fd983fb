package io.iiikafka.topology.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Triggers are told of a long past bit by bit, of each change once, whatever happens meanwhile. */
class LookBackTest {

    private static final int MANY = 4_500;
    private static final Pattern VALUE = Pattern.compile("\"(?:new_value|data)\":(\\d+)");

    @TempDir
    private Path directory;

    private KeeperBench keeper;
    private int written;
    private final List<Integer> told = new ArrayList<>();

    @BeforeEach
    void start() {
        keeper = new KeeperBench(directory);
    }

    @AfterEach
    void close() {
        keeper.close();
    }

    private void set(int key) {
        keeper.answer("state::set", "{\"scope\":\"s\",\"key\":\"k" + key + "\",\"value\":" + ++written + "}");
    }

    private void item(int group) {
        keeper.answer("stream::set", "{\"stream_name\":\"s\",\"group_id\":\"g" + group + "\",\"item_id\":\"i\",\"data\":"
                + ++written + "}");
    }

    private void notice() {
        keeper.now += 1;
        keeper.answer(LookAround.ID, "{}");
        told.addAll(values());
    }

    private List<Integer> values() {
        return keeper.fired().stream()
                .flatMap(call -> VALUE.matcher(call).results())
                .map(found -> Integer.parseInt(found.group(1)))
                .toList();
    }

    /** Lets the keeper tell bit by bit; {@code change} is called after each. */
    private void pass(int bits, Runnable change) {
        for (int bit = 0; bit < bits; bit++) {
            keeper.elapse(20);
            List<Integer> some = values();
            assertThat(some).hasSizeLessThanOrEqualTo(200);
            told.addAll(some);
            change.run();
        }
    }

    @Test
    void shouldTellOfALongHistoryInItsOrder() {
        for (int key = MANY; key > 0; key--) {
            set(key);
        }
        keeper.trigger("{\"scope\":\"s\",\"start\":{\"revision\":0}}");
        notice();
        int[] changes = new int[1];

        pass(40, () -> {
            if (changes[0]++ < 20) {
                set(changes[0]);
                set(MANY + changes[0]);
            }
        });
        set(1);
        told.addAll(values());

        assertThat(told).containsExactlyElementsOf(IntStream.rangeClosed(1, MANY + 41).boxed().toList());
    }

    @Test
    void shouldTellOfManyGroups() {
        for (int group = 0; group < MANY; group++) {
            item(group);
        }
        keeper.trigger("stream", "{\"stream_name\":\"s\",\"start\":\"earliest\"}");
        notice();
        int[] changes = new int[1];

        pass(60, () -> {
            if (changes[0]++ < 20) {
                item(0);
                item(MANY - 1);
                item(MANY + changes[0]);
            }
        });
        item(5);
        told.addAll(values());

        assertThat(told).containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, MANY + 61).boxed().toList());
    }
}
