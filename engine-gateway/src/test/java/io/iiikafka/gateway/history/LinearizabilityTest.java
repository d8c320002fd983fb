package io.iiikafka.gateway.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The checker itself, on histories of a register that are known to be right or wrong. */
class LinearizabilityTest {

    /** {@code "w1"} writes 1 and is answered {@code "ok"}; {@code "r"} reads; {@code "+"} adds one and gives what was there. */
    private static final SequentialModel<Integer, String, String> REGISTER = new SequentialModel<>() {

        @Override
        public Integer start() {
            return 0;
        }

        @Override
        public @Nullable Integer step(Integer before, String input, @Nullable String output) {
            boolean write = input.startsWith("w");
            String expected = write ? "ok" : before.toString();
            int after = write ? Integer.parseInt(input.substring(1)) : input.equals("+") ? before + 1 : before;
            return output == null || output.equals(expected) ? after : null;
        }
    };

    private final List<Operation<String, String>> history = new ArrayList<>();

    private void call(String input, @Nullable String output, long invoked, long returned) {
        history.add(new Operation<>(input, output, invoked, returned));
    }

    private boolean linearizable() {
        return Linearizability.check(REGISTER, history).linearizable();
    }

    @Test
    void shouldAcceptAReadOfEitherValueDuringAWrite() {
        call("w1", "ok", 0, 10);
        call("r", "1", 1, 3);
        call("r", "1", 4, 9);
        assertThat(linearizable()).isTrue();
    }

    @Test
    void shouldRejectAValueThatWasSeenAndThenWasNot() {
        call("w1", "ok", 0, 10);
        call("r", "1", 1, 3);
        call("r", "0", 4, 9);
        assertThat(linearizable()).isFalse();
    }

    @Test
    void shouldRejectAStaleReadAfterAWriteReturned() {
        call("w1", "ok", 0, 1);
        call("r", "0", 2, 3);
        assertThat(linearizable()).isFalse();
    }

    @Test
    void shouldRejectAValueThatNobodyWrote() {
        call("w1", "ok", 0, 10);
        call("r", "2", 1, 3);
        assertThat(linearizable()).isFalse();
    }

    @Test
    void shouldRejectALostUpdate() {
        call("+", "0", 0, 10);
        call("+", "0", 0, 10);
        assertThat(linearizable()).isFalse();
    }

    @Test
    void shouldRejectAnUpdateThatWasDoneTwice() {
        call("+", "0", 0, 10);
        call("r", "2", 11, 12);
        assertThat(linearizable()).isFalse();
    }

    @Test
    void shouldLetACallWithoutAnAnswerHappenLaterOrNever() {
        call("w1", null, 0, 0);
        call("r", "0", 5, 6);
        assertThat(linearizable()).isTrue();
        call("r", "1", 7, 8);
        assertThat(linearizable()).isTrue();
        call("r", "0", 9, 10);
        assertThat(linearizable()).isFalse();
    }

    @Test
    void shouldNotLetACallWithoutAnAnswerHappenBeforeItWasMade() {
        call("r", "1", 0, 1);
        call("w1", null, 2, 2);
        assertThat(linearizable()).isFalse();
    }

    @Test
    void shouldNameTheCallThatDoesNotFit() {
        call("w1", "ok", 0, 1);
        call("w2", "ok", 2, 3);
        call("r", "1", 4, 5);
        assertThat(Linearizability.check(REGISTER, history).stuck().getFirst().input()).isEqualTo("r");
    }

    /** Wrong in one answer only, among so many that without a memory the search would not end. */
    @Test
    void shouldDecideLongHistoriesOfManyClients() {
        Random random = new Random(7);
        int register = 0;
        for (int i = 0; i < 5_000; i++) {
            long at = i * 10L;
            long invoked = at - random.nextInt(40);
            long returned = at + random.nextInt(40);
            int kind = random.nextInt(3);
            call(kind == 0 ? "w" + i % 5 : kind == 1 ? "r" : "+", kind == 0 ? "ok" : "" + register, invoked, returned);
            register = kind == 0 ? i % 5 : kind == 1 ? register : register + 1;
        }
        Collections.shuffle(history, random);
        assertThat(linearizable()).isTrue();
        history.replaceAll(each -> each.invoked() > 24_000 && each.invoked() < 24_050 && each.input().equals("r")
                ? new Operation<>(each.input(), "77", each.invoked(), each.returned())
                : each);
        assertThat(linearizable()).isFalse();
    }
}
