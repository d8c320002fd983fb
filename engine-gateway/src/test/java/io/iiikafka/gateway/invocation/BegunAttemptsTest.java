package io.iiikafka.gateway.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Origin;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.record.RoutedCall;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which deliveries of attempts are run. */
class BegunAttemptsTest {

    private final BegunAttempts attempts = new BegunAttempts(2);

    private static Delivery delivery(@Nullable Origin origin, String id) {
        Call call = new Call(
                id, "f", Call.DEFAULT_NAMESPACE, null, null, true, null, null, null, Long.MAX_VALUE);
        return new Delivery(new RoutedCall(call, origin, 0, 0), SlotProgress.Mark.detached());
    }

    private static Delivery attempt(long number, String id) {
        return delivery(Origin.keeper(0, number), id);
    }

    @Test
    void shouldRunAnAttemptOnceAndAnswerItAgainWhenItIsOver() {
        Outcome failure = new Outcome.Failure(new ErrorBody("boom", "no luck"));
        assertThat(attempts.begin(attempt(1, "a"))).isInstanceOf(BegunAttempts.Step.Run.class);
        assertThat(attempts.begin(attempt(1, "a"))).isInstanceOf(BegunAttempts.Step.Drop.class);
        attempts.ended(attempt(1, "a"), failure, "/workers/w");
        assertThat(attempts.begin(attempt(1, "a"))).isEqualTo(new BegunAttempts.Step.Answer(failure, "/workers/w"));
    }

    @Test
    void shouldRunWhatIsAnotherAttemptOrNone() {
        for (Delivery each : new Delivery[] {attempt(1, "a"), attempt(2, "a"), attempt(1, "b"), delivery(null, "a"),
            delivery(null, "a"), delivery(new Origin("g", 0, 1), "a"), delivery(new Origin("g", 0, 1), "a")}) {
            assertThat(attempts.begin(each)).isInstanceOf(BegunAttempts.Step.Run.class);
        }
    }

    @Test
    void shouldRunAnAttemptAgainThatNoWorkerGotOrWhoseOutcomeIsTooLargeToKeep() {
        attempts.begin(attempt(1, "a"));
        attempts.forget(attempt(1, "a"));
        assertThat(attempts.begin(attempt(1, "a"))).isInstanceOf(BegunAttempts.Step.Run.class);
        attempts.ended(attempt(1, "a"), new Outcome.Success(RawJson.of("\"" + "x".repeat(2_000) + "\"")), "/workers/w");
        assertThat(attempts.begin(attempt(1, "a"))).isInstanceOf(BegunAttempts.Step.Run.class);
    }

    @Test
    void shouldRunAnAttemptAgainForWhichTheEngineAnswered() {
        attempts.begin(attempt(1, "a"));
        attempts.ended(attempt(1, "a"), new Outcome.Failure(new ErrorBody("invocation_stopped", "it left")), "/gateways/g");
        assertThat(attempts.begin(attempt(1, "a"))).isInstanceOf(BegunAttempts.Step.Run.class);
    }

    @Test
    void shouldRememberOnlyTheLastOnes() {
        attempts.begin(attempt(1, "a"));
        attempts.begin(attempt(2, "a"));
        attempts.begin(attempt(3, "a"));
        assertThat(attempts.begin(attempt(3, "a"))).isInstanceOf(BegunAttempts.Step.Drop.class);
        assertThat(attempts.begin(attempt(1, "a"))).isInstanceOf(BegunAttempts.Step.Run.class);
        attempts.ended(attempt(9, "a"), Outcome.NO_VALUE, "/workers/w");
        assertThat(attempts.begin(attempt(9, "a"))).as("it was never begun here").isInstanceOf(BegunAttempts.Step.Run.class);
    }
}
