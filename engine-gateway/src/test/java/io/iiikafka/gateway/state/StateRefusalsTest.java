package io.iiikafka.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;

import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What state refuses to callers that are no workers, and says when it is late (spec: state.md 7.3, 7.5, 12.3). */
class StateRefusalsTest {

    @AutoClose
    private static TestEngine engine;

    @BeforeAll
    static void start() {
        engine = TestEngine.shared();
    }

    private static String refused(String function, String data, @Nullable String caller, long patienceMs) throws Exception {
        Call call = new Call(
                "refused-" + System.nanoTime(), function, "default", RawJson.of(data), null, true, caller, null, null,
                System.currentTimeMillis() + patienceMs);
        Outcome outcome = engine.gateway()
                .gateway()
                .invoker()
                .invoke(call)
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        return ((Outcome.Failure) outcome).error().code();
    }

    @Test
    void shouldKeepPagesAndClaimsForConnectedWorkers() throws Exception {
        assertThat(refused("state::list_entries", "{\"scope\":\"s\"}", null, 30_000)).isEqualTo("UNKNOWN_CALLER");
        assertThat(refused("state::claim-namespace", "{\"functions_prefix\":\"p\",\"scopes\":[\"s\"]}", null, 30_000))
                .isEqualTo("UNKNOWN_CALLER");
    }

    @Test
    void shouldSayThatATransactionMayHaveBeenCommittedWhenItsAnswerIsLate() throws Exception {
        String transaction = "{\"scope\":\"s\",\"writes\":[{\"op\":\"set\",\"key\":\"k\",\"value\":1}]}";
        assertThat(refused("state::transact", transaction, "w", -1)).isEqualTo("TX_TIMEOUT");
        assertThat(refused("state::transact", transaction, null, -1)).as("an HTTP route").isEqualTo("invocation_timeout");
        assertThat(refused("state::set", "{\"scope\":\"s\",\"key\":\"k\",\"value\":1}", "w", -1))
                .isEqualTo("invocation_timeout");
    }
}
