package io.iiikafka.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import io.iiikafka.gateway.history.Linearizability;
import io.iiikafka.gateway.history.Operation;
import org.junit.jupiter.api.Test;

/** Histories of a scope that must not be found right. */
class ScopeModelTest {

    private static final ScopeCall LIST = new ScopeCall.ListAll();
    private static final ScopeCall BOTH = new ScopeCall.Transact(
            "a",
            false,
            List.of(new ScopeCall.Set("a", "1"), new ScopeCall.Set("b", "2")),
            List.of("a"));

    private final List<Operation<ScopeCall, String>> history = new ArrayList<>();

    private ScopeModelTest call(ScopeCall call, String answer, long invoked, long returned) {
        history.add(new Operation<>(call, answer, invoked, returned));
        return this;
    }

    private boolean linearizable() {
        return Linearizability.check(new ScopeModel(), history).linearizable();
    }

    @Test
    void shouldAcceptAListBeforeOrAfterATransactionDuringIt() {
        call(BOTH, " null to 1 null to 2; 1", 0, 10);
        assertThat(call(LIST, "[]", 1, 2).call(LIST, "[1,2]", 3, 4).linearizable()).isTrue();
    }

    @Test
    void shouldRejectHalfATransaction() {
        call(BOTH, " null to 1 null to 2; 1", 0, 10);
        assertThat(call(LIST, "[1]", 1, 2).linearizable()).isFalse();
    }

    @Test
    void shouldRejectAListInAnotherOrderThanThatOfCreation() {
        call(BOTH, " null to 1 null to 2; 1", 0, 10);
        assertThat(call(LIST, "[2,1]", 11, 12).linearizable()).isFalse();
    }

    @Test
    void shouldRejectALostAppend() {
        call(new ScopeCall.Append("a", 1), " null to [1]", 0, 10);
        call(new ScopeCall.Append("a", 2), " [1] to [1,2]", 0, 10);
        call(new ScopeCall.Append("a", 3), " [1] to [1,3]", 0, 10);
        assertThat(linearizable()).isFalse();
    }

    @Test
    void shouldRejectASwapOfWhatIsNotThere() {
        call(new ScopeCall.Set("a", "1"), " null to 1", 0, 1);
        call(new ScopeCall.CompareAndSet("a", "2", "3"), "swapped", 2, 3);
        assertThat(linearizable()).isFalse();
    }

    @Test
    void shouldRejectARemovalThatTwoCallersGot() {
        call(new ScopeCall.Set("a", "1"), " null to 1", 0, 1);
        call(new ScopeCall.Delete("a"), "1", 2, 5);
        call(new ScopeCall.Delete("a"), "1", 2, 5);
        assertThat(linearizable()).isFalse();
    }

    @Test
    void shouldRejectAVersionThatComesTwice() {
        call(new ScopeCall.Set("a", "1"), " null to 1", 0, 1);
        call(new ScopeCall.Delete("a"), "1", 2, 3);
        call(new ScopeCall.Set("a", "2"), " null to 2", 4, 5);
        assertThat(call(new ScopeCall.GetVersioned("a"), "2 v3", 6, 7).linearizable()).isTrue();
        assertThat(call(new ScopeCall.Read(List.of("a")), "2 v1", 8, 9).linearizable()).isFalse();
    }

    @Test
    void shouldRejectAWriteBehindAFence() {
        call(new ScopeCall.Lease("a", "x", "acquire"), "true x 1", 0, 1);
        call(new ScopeCall.Lease("a", "x", "release"), "false null 1", 2, 3);
        call(new ScopeCall.Lease("a", "y", "acquire"), "true y 2", 4, 5);
        assertThat(call(new ScopeCall.FencedSet("a", "1", 1), "FENCED", 6, 7).linearizable()).isTrue();
        assertThat(call(new ScopeCall.FencedSet("a", "1", 1), " null to 1", 8, 9).linearizable()).isFalse();
    }

    @Test
    void shouldRejectALeaseThatTwoHave() {
        call(new ScopeCall.Lease("a", "x", "acquire"), "true x 1", 0, 10);
        assertThat(call(new ScopeCall.Lease("a", "y", "acquire"), "true y 1", 0, 10).linearizable()).isFalse();
    }

    @Test
    void shouldRejectAForkThatShowsWhatItsParentGotLater() {
        call(new ScopeCall.Set("a", "1"), " null to 1", 0, 1);
        call(new ScopeCall.Fork("f"), "forked", 2, 3);
        call(new ScopeCall.Set("a", "2"), " 1 to 2", 4, 5);
        assertThat(call(new ScopeCall.InFork("f", LIST), "[1]", 6, 7).linearizable()).isTrue();
        assertThat(call(new ScopeCall.InFork("f", LIST), "[2]", 8, 9).linearizable()).isFalse();
    }

    @Test
    void shouldRejectAMergeThatDoesNotSeeAConflict() {
        call(new ScopeCall.Set("a", "1"), " null to 1", 0, 1);
        call(new ScopeCall.Fork("f"), "forked", 2, 3);
        call(new ScopeCall.Set("a", "2"), " 1 to 2", 4, 5);
        call(new ScopeCall.InFork("f", new ScopeCall.Increment("a", 10)), " 1 to 11", 4, 5);
        call(new ScopeCall.InFork("f", new ScopeCall.Set("b", "3")), " null to 3", 6, 7);
        assertThat(call(new ScopeCall.MergeFork("f", "fail"), "refused[][a]", 8, 9).linearizable()).isTrue();
        assertThat(call(new ScopeCall.MergeFork("f", "parent_wins"), "[b][a]", 10, 11).linearizable()).isTrue();
        assertThat(call(LIST, "[2,3]", 12, 13).linearizable()).isTrue();
        history.removeLast();
        assertThat(call(LIST, "[11,3]", 12, 13).linearizable()).isFalse();
    }
}
