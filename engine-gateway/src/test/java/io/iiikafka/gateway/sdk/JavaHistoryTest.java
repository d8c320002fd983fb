package io.iiikafka.gateway.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.time.Duration;
import java.util.UUID;

import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.Iii;
import io.iiikafka.sdk.InvocationException;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.WorkerOptions;
import io.iiikafka.sdk.change.Update;
import io.iiikafka.sdk.state.Fork;
import io.iiikafka.sdk.state.Fork.Difference;
import io.iiikafka.sdk.state.Fork.Strategy;
import io.iiikafka.sdk.state.Recorded;
import io.iiikafka.sdk.state.Scope;
import io.iiikafka.sdk.state.State;
import io.iiikafka.sdk.state.Versioned;
import io.iiikafka.sdk.state.WriteOptions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the Java SDK offers for state that expires, was different once, or is tried out on a fork. */
@Timeout(60)
class JavaHistoryTest {

    private static TestEngine engine;
    private static Worker worker;

    private Scope<Integer> scope;

    @BeforeAll
    static void start() throws Exception {
        engine = TestEngine.start();
        worker = Iii.connect(
                URI.create(engine.gateway().url()),
                WorkerOptions.builder().name("history-test").keepAlive(false).build());
        worker.awaitConnected(Duration.ofSeconds(20));
    }

    @AfterAll
    static void stop() {
        worker.close();
        engine.close();
    }

    @BeforeEach
    void open() {
        scope = new State(worker).scope("stock/" + UUID.randomUUID(), Integer.class);
    }

    @Test
    void shouldRemoveAValueAfterItsTime() {
        scope.set("short", 1, WriteOptions.expiringAfter(Duration.ofMillis(300)));
        scope.set("kept", 1, WriteOptions.ifAbsent().withTtl(Duration.ofMillis(300)));
        scope.set("kept", 2);

        Awaitility.await().until(() -> scope.get("short") == null);
        assertThat(scope.get("kept")).isEqualTo(2);
    }

    @Test
    void shouldTellWhatAKeyWasAndRestoreIt() {
        scope.set("a", 1);
        long revision = scope.read().revision();
        scope.update("a", new Update().increment("", 4));
        scope.delete("a");

        assertThat(scope.history("a", 10)).extracting(Recorded::op).containsExactly("delete", "update", "set");
        assertThat(scope.history("a", 10)).extracting(Recorded::after).containsExactly(null, 5, 1);
        assertThat(scope.history("a", 1)).hasSize(1);
        assertThat(scope.lineage("a")).first().extracting(Recorded::op).isEqualTo("delete");
        assertThat(scope.getAt("a", revision)).isEqualTo(new Versioned<>("a", true, 1, 1));
        assertThat(scope.restore("a", revision).committed()).isTrue();
        assertThat(scope.get("a")).isEqualTo(1);
    }

    @Test
    void shouldTryThingsOutOnAForkAndMergeIt() {
        scope.set("a", 1);
        scope.set("b", 2);
        Fork<Integer> fork = scope.fork("trial");

        fork.scope().set("a", 10);
        fork.scope().delete("b");
        fork.scope().set("c", 3);
        assertThat(scope.read("a", "b", "c").entries()).extracting(Versioned::value).containsExactly(1, 2, null);
        assertThat(fork.scope().list()).containsExactly(10, 3);
        assertThat(fork.diff().changes()).containsExactlyInAnyOrder(
                new Difference<>("a", "changed", 1, 10),
                new Difference<>("b", "removed", 2, null),
                new Difference<>("c", "added", null, 3));
        assertThat(fork.baseRevision()).isPositive();
        assertThatExceptionOfType(InvocationException.class)
                .isThrownBy(() -> scope.fork("trial"))
                .satisfies(e -> assertThat(e.code()).isEqualTo("FORK_EXISTS"));

        scope.set("a", 5);
        assertThat(fork.diff().conflicts()).containsExactly("a");
        Fork.Merge refused = fork.merge(Strategy.FAIL);
        assertThat(refused.merged()).isFalse();
        assertThat(refused.conflicts()).containsExactly("a");
        assertThat(scope.get("a")).isEqualTo(5);

        Fork.Merge merged = fork.merge(Strategy.FORK_WINS);
        assertThat(merged.merged()).isTrue();
        assertThat(merged.applied()).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(scope.list()).containsExactly(10, 3);
        assertThatExceptionOfType(InvocationException.class)
                .as("the merge dropped it")
                .isThrownBy(fork::drop)
                .satisfies(e -> assertThat(e.code()).isEqualTo("FORK_NOT_FOUND"));
        scope.fork().drop();
    }
}
