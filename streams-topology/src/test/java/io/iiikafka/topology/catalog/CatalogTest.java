package io.iiikafka.topology.catalog;

import static io.iiikafka.topology.catalog.CatalogFixture.function;
import static io.iiikafka.topology.catalog.CatalogFixture.gateway;
import static io.iiikafka.topology.catalog.CatalogFixture.worker;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Outcome;
import org.junit.jupiter.api.Test;

class CatalogTest {

    private static final FunctionKey ADD = new FunctionKey("default", "math::add");

    private final CatalogFixture fixture = new CatalogFixture();
    private final Catalog catalog = fixture.catalog;

    private List<String> servers(FunctionKey key) {
        return catalog.members(key).stream().map(member -> member.worker().id()).toList();
    }

    @Test
    void shouldServeAFunctionFromItsRegistrationOn() {
        fixture.put(gateway("g", 0));
        fixture.put(worker("c1", "g", "math"));
        assertThat(servers(ADD)).isEmpty();

        fixture.put(function("c1", "math::add"));

        assertThat(servers(ADD)).containsExactly("c1");
        assertThat(catalog.position()).isEqualTo(3);
    }

    @Test
    void shouldGoOnWhenAListenerCannotCopeWithAChange() {
        List<String> told = new ArrayList<>();
        catalog.listen(change -> {
            throw new StackOverflowError("thrown by the test");
        });
        catalog.listen(change -> told.add(change.key()));

        fixture.put(gateway("g", 0));
        fixture.put(worker("c1", "g", "math"));

        assertThat(told).hasSize(2);
        assertThat(catalog.position()).isEqualTo(2);
    }

    @Test
    void shouldSettleOnlyWhenListenersHaveBeenTold() {
        List<Long> settled = new ArrayList<>();
        List<Long> applied = new ArrayList<>();
        catalog.listen(change -> {
            settled.add(catalog.settledPosition());
            applied.add(catalog.position());
        });

        fixture.put(gateway("g", 0));
        fixture.put(worker("c1", "g", "math"));

        assertThat(settled).containsExactly(0L, 1L);
        assertThat(applied).containsExactly(1L, 2L);
        assertThat(catalog.settledPosition()).isEqualTo(2);
    }

    @Test
    void shouldCountConnectionsOfOneNameAsReplicasAndOthersNot() {
        fixture.put(gateway("g", 0));
        fixture.put(worker("c1", "g", "math"));
        fixture.put(worker("c2", "g", "math"));
        fixture.put(worker("c3", "g", "other"));
        fixture.put(function("c1", "math::add"));
        fixture.put(function("c3", "math::add"));
        fixture.put(function("c2", "math::add"));

        assertThat(servers(ADD)).containsExactly("c1", "c2");
    }

    @Test
    void shouldNotTakeAnonymousConnectionsForReplicas() {
        fixture.put(gateway("g", 0));
        fixture.put(worker("c1", "g", null));
        fixture.put(worker("c2", "g", null));
        fixture.put(function("c1", "math::add"));
        fixture.put(function("c2", "math::add"));

        assertThat(servers(ADD)).containsExactly("c1");
    }

    @Test
    void shouldEndEverythingOfAConnectionWithItsOneRecord() {
        fixture.put(gateway("g", 0));
        fixture.put(worker("c1", "g", "math"));
        fixture.put(function("c1", "math::add"));

        fixture.remove(EntryKey.worker("c1"));

        assertThat(servers(ADD)).isEmpty();
        assertThat(catalog.serves(ADD)).isFalse();
        assertThat(catalog.orphans()).containsExactly("c1");
    }

    @Test
    void shouldEndEverythingOfAGatewayWithItsOneRecord() {
        fixture.put(gateway("g", 0));
        fixture.put(worker("c1", "g", "math"));
        fixture.put(function("c1", "math::add"));

        fixture.remove(EntryKey.gateway("g"));

        assertThat(servers(ADD)).isEmpty();
        assertThat(catalog.workers()).isEmpty();
    }

    @Test
    void shouldNotLetALateCleanUpOfAnOldConnectionTakeTheNewOnesRegistration() {
        fixture.put(gateway("g", 0));
        fixture.put(worker("old", "g", "math"));
        fixture.put(function("old", "math::add"));
        fixture.put(worker("new", "g", "math"));
        fixture.put(function("new", "math::add"));

        fixture.remove(EntryKey.function("old", "math::add"));
        fixture.remove(EntryKey.worker("old"));

        assertThat(servers(ADD)).containsExactly("new");
    }

    @Test
    void shouldHandAnIdToTheNextWorkerWhenItsOwnerLeaves() {
        fixture.put(gateway("g", 0));
        fixture.put(worker("c1", "g", "one"));
        fixture.put(worker("c2", "g", "two"));
        fixture.put(function("c1", "math::add"));
        fixture.put(function("c2", "math::add"));

        fixture.remove(EntryKey.worker("c1"));

        assertThat(servers(ADD)).containsExactly("c2");
    }

    @Test
    void shouldAcceptAFunctionThatIsReadBeforeItsWorker() {
        // Compaction may keep a function's record and, further on, the worker's later one.
        fixture.put(gateway("g", 0));
        fixture.put(function("c1", "math::add"));
        assertThat(servers(ADD)).isEmpty();

        fixture.put(worker("c1", "g", "math"));

        assertThat(servers(ADD)).containsExactly("c1");
    }

    @Test
    void shouldNameTheNamespacesThatHaveTheFunction() {
        fixture.put(gateway("g", 0));
        fixture.put(worker("c1", "g", "math"));
        fixture.put(function("c1", "b", "math::add"));
        fixture.put(worker("c2", "g", "math"));
        fixture.put(function("c2", "a", "math::add"));

        Outcome.Failure toWorker = FunctionNotFound.outcome(catalog, ADD, true);
        Outcome.Failure toEngine = FunctionNotFound.outcome(catalog, ADD, false);

        assertThat(toWorker.error().code()).isEqualTo("function_not_found");
        assertThat(toWorker.error().message())
                .isEqualTo("Function math::add not found in namespace default. It is registered in namespace(s): a, b.");
        assertThat(toEngine.error().message()).isEqualTo("Function math::add not found in namespace default");
    }

    @Test
    void shouldReportEachChangeWithWhatWasBefore() {
        List<CatalogChange> changes = new ArrayList<>();
        catalog.listen(changes::add);
        CatalogEntry.Gateway before = gateway("g", 0);
        CatalogEntry.Gateway after = gateway("g", 0, 1);

        fixture.put(before);
        fixture.put(after);
        fixture.remove(after.key());
        fixture.remove("gateway/never-there");

        assertThat(changes)
                .containsExactly(
                        new CatalogChange("gateway/g", null, before, 0),
                        new CatalogChange("gateway/g", before, after, 1),
                        new CatalogChange("gateway/g", after, null, 2));
    }

    @Test
    void shouldSkipRecordsThatItDoesNotKnow() {
        catalog.apply("future-kind/x", "{\"a\":1}".getBytes(UTF_8), 0);
        catalog.apply("gateway/g", "not json".getBytes(UTF_8), 1);

        assertThat(catalog.gateways()).isEmpty();
        assertThat(catalog.position()).isEqualTo(2);
    }

    @Test
    void shouldKeepSchemasAsTheyWereWritten() {
        RawJson schema = RawJson.of("{\"z\":1,\"a\":[12345678901234567890,{\"é\":null}]}");
        CatalogEntry.Function function =
                new CatalogEntry.Function("c", "default", "a/b::c d", "text", schema, null, schema);

        assertThat(EntryCodec.decode(function.key(), EntryCodec.encode(function))).isEqualTo(function);
    }

    @Test
    void shouldWakeWhoWaitsForAPosition() throws Exception {
        CompletableFuture<Boolean> reached = new CompletableFuture<>();
        Thread waiter = Thread.ofVirtual().start(() -> {
            try {
                reached.complete(catalog.awaitPosition(1, 5_000));
            } catch (InterruptedException e) {
                reached.completeExceptionally(e);
            }
        });

        fixture.put(gateway("g"));

        assertThat(reached.get(5, TimeUnit.SECONDS)).isTrue();
        waiter.join();
        assertThat(catalog.awaitPosition(2, 1)).isFalse();
    }
}
