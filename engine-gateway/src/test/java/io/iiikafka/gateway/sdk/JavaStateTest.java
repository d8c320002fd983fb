package io.iiikafka.gateway.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.Iii;
import io.iiikafka.sdk.InvocationException;
import io.iiikafka.sdk.Registration;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.WorkerOptions;
import io.iiikafka.sdk.change.Change;
import io.iiikafka.sdk.change.Update;
import io.iiikafka.sdk.change.UpdateError;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.sdk.state.Lease;
import io.iiikafka.sdk.state.Scope;
import io.iiikafka.sdk.state.State;
import io.iiikafka.sdk.state.StateEvent;
import io.iiikafka.sdk.state.Swap;
import io.iiikafka.sdk.state.Transaction;
import io.iiikafka.sdk.state.TransactionResult;
import io.iiikafka.sdk.state.TransactionResult.Committed;
import io.iiikafka.sdk.state.TransactionResult.Refused;
import io.iiikafka.sdk.state.Versioned;
import io.iiikafka.sdk.state.WriteOptions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Java SDK's {@link State} against the engine. */
@Timeout(60)
class JavaStateTest {

    record Order(String status, int tries, @Nullable List<String> log) {

        Order(String status) {
            this(status, 0, null);
        }
    }

    private static TestEngine engine;
    private static Worker worker;
    private static State state;

    private final String name = "orders/" + UUID.randomUUID();
    private Scope<Order> orders;

    @BeforeAll
    static void start() throws Exception {
        engine = TestEngine.start();
        worker = Iii.connect(
                URI.create(engine.gateway().url()),
                WorkerOptions.builder().name("state-test").keepAlive(false).build());
        worker.awaitConnected(Duration.ofSeconds(20));
        state = new State(worker);
    }

    @AfterAll
    static void stop() {
        worker.close();
        engine.close();
    }

    @BeforeEach
    void open() {
        orders = state.scope(name, Order.class);
    }

    @Test
    void shouldSetGetListAndDeleteRecords() {
        Order pending = new Order("pending");
        Order paid = new Order("paid", 1, List.of("a"));

        assertThat(orders.get("o-1")).isNull();
        assertThat(orders.set("o-1", pending)).isEqualTo(new Change<>(null, pending));
        assertThat(orders.set("o-1", paid)).isEqualTo(new Change<>(pending, paid));
        orders.set("ö 2", pending);
        assertThat(orders.get("o-1")).isEqualTo(paid);
        assertThat(orders.list()).containsExactly(paid, pending);
        assertThat(orders.keys()).containsExactly("o-1", "ö 2");
        assertThat(state.scopes("orders/")).contains(name);
        assertThat(state.scopes()).contains(name);
        assertThat(orders.delete("o-1")).isEqualTo(paid);
        assertThat(orders.delete("o-1")).isNull();
        assertThat(orders.list()).containsExactly(pending);
    }

    @Test
    void shouldTellAStoredNullFromNothing() {
        Scope<RawJson> raw = state.scope(name);
        raw.set("null", RawJson.NULL);
        orders.set("none", null);

        assertThat(raw.get("null")).isEqualTo(RawJson.NULL);
        assertThat(raw.getVersioned("null")).isEqualTo(new Versioned<>("null", true, RawJson.NULL, 1));
        assertThat(orders.getVersioned("none")).isEqualTo(new Versioned<>("none", true, null, 1));
        assertThat(orders.getVersioned("nothing")).isEqualTo(new Versioned<>("nothing", false, null, 0));
        assertThat(orders.list()).containsExactly(null, null);
    }

    @Test
    void shouldKeepRawJsonAsItIs() {
        RawJson odd = RawJson.of("{\"z\":18446744073709551615,\"a\":5.0}");
        Scope<RawJson> raw = state.scope(name);

        raw.set("odd", odd);

        assertThat(raw.get("odd")).isEqualTo(odd);
        assertThat(raw.entries("")).containsExactly(new Versioned<>("odd", true, odd, 1));
    }

    @Test
    void shouldApplyEveryOperation() {
        Update all = new Update()
                .set("status", "new")
                .increment("tries", 5)
                .decrement("tries", 2)
                .append("log", List.of("one")) // one element, an array
                .remove("log")
                .append(List.of("log"), 7)
                .remove("log")
                .merge(new Order("merged", 4, List.of("x")))
                .merge(List.of("deep", "er"), new Order("nested"))
                .append("log", "y")
                .append("status", "!");

        Change<RawJson> change = state.scope(name).update("o-1", all);

        assertThat(change.errors()).isEmpty();
        assertThat(change.before()).isEqualTo(RawJson.NULL);
        assertThat(change.after().toTree()).isEqualTo(RawJson.of("""
                        {"status":"merged!","tries":4,"log":["x","y"],
                        "deep":{"er":{"status":"nested","tries":0,"log":null}}}""")
                .toTree());
    }

    @Test
    void shouldReportOperationsThatDoNotFit() {
        orders.set("o-1", new Order("pending"));

        Change<Order> change = orders.update("o-1", new Update().increment("status", 1).set("tries", 3));

        assertThat(change.after()).isEqualTo(new Order("pending", 3, null));
        assertThat(change.errors()).extracting(UpdateError::operation, UpdateError::code).containsExactly(
                tuple(0, "increment.not_number"));
        Change<Order> whole = orders.update(
                "o-1", new Update().set("tries", 4).increment("status", 1).allOrNothing());
        assertThat(whole.after()).isEqualTo(new Order("pending", 3, null));
        assertThat(whole.errors()).hasSize(1);
        assertCode("NOT_FOUND", () -> orders.update("nothing", new Update().set("tries", 1).onlyExisting()));
    }

    @Test
    void shouldWriteOnlyOnTheGivenTerms() {
        Order pending = new Order("pending");
        orders.set("o-1", pending, WriteOptions.ifAbsent());
        assertCode("VERSION_MISMATCH", () -> orders.set("o-1", pending, WriteOptions.ifAbsent()));
        orders.update("o-1", new Update().increment("tries", 1), WriteOptions.ifVersion(1));
        assertCode("VERSION_MISMATCH", () -> orders.delete("o-1", WriteOptions.ifVersion(1)));

        WriteOptions once = WriteOptions.idempotent("once");
        for (int i = 0; i < 3; i++) {
            assertThat(orders.update("o-1", new Update().increment("tries", 1), once).after())
                    .isEqualTo(new Order("pending", 2, null));
        }
        assertThat(orders.get("o-1")).isEqualTo(new Order("pending", 2, null));
    }

    @Test
    void shouldSwapOnlyWhatIsExpected() {
        Order pending = new Order("pending");
        Order paid = new Order("paid");

        assertThat(orders.compareAndSet("o-1", null, pending)).isEqualTo(new Swap<>(true, null));
        assertThat(orders.compareAndSet("o-1", null, paid)).isEqualTo(new Swap<>(false, pending));
        assertThat(orders.compareAndSet("o-1", pending, paid).swapped()).isTrue();
        assertThat(orders.get("o-1")).isEqualTo(paid);
    }

    @Test
    void shouldPageThroughEntriesAndReadSeveralKeysTogether() {
        for (int i = 0; i < 5; i++) {
            orders.set("a-" + i, new Order("s" + i));
        }
        orders.set("b", new Order("b"));

        assertThat(orders.entries("a-", null, 2)).extracting(Versioned::key).containsExactly("a-0", "a-1");
        assertThat(orders.entries("a-", "a-1", 9)).extracting(Versioned::key).containsExactly("a-2", "a-3", "a-4");
        assertThat(orders.read("b", "no").entries()).containsExactly(
                new Versioned<>("b", true, new Order("b"), 1), new Versioned<>("no", false, null, 0));
        assertThat(orders.read().revision()).isEqualTo(6);
        assertThat(orders.read().entries()).hasSize(6);
    }

    @Test
    void shouldCommitATransactionOrNothing() {
        orders.set("o-1", new Order("pending"));
        orders.set("draft", new Order("x"));
        Transaction ship = new Transaction()
                .ifVersion("o-1", 1)
                .ifAbsent("lock")
                .ifExists("draft")
                .ifEquals("draft", new Order("x"))
                .set("lock", new Order("locked"))
                .update("o-1", new Update().set("status", "shipped"))
                .delete("draft")
                .read("o-1")
                .read("draft");

        TransactionResult<Order> first = orders.transact(ship);
        TransactionResult<Order> second = orders.transact(ship);

        assertThat(first.committed()).isTrue();
        Committed<Order> committed = (Committed<Order>) first;
        assertThat(committed.revision()).isEqualTo(3);
        assertThat(committed.writes()).extracting(TransactionResult.Write::version).containsExactly(1L, 2L, 2L);
        assertThat(committed.writes().get(1).change())
                .isEqualTo(new Change<>(new Order("pending"), new Order("shipped")));
        assertThat(committed.reads()).containsExactly(
                new Versioned<>("o-1", true, new Order("shipped"), 2), new Versioned<>("draft", false, null, 2));
        assertThat(second.committed()).isFalse();
        assertThat(((Refused<Order>) second).failures())
                .extracting(TransactionResult.Failure::key)
                .containsExactly("o-1", "lock", "draft", "draft");
        assertThat(orders.keys()).containsExactly("o-1", "lock");
        TransactionResult<Order> spoilt = orders.transact(new Transaction()
                .set("o-1", new Order("never"))
                .update("lock", new Update().increment("status", 1))
                .allOrNothing());
        assertThat(((Refused<Order>) spoilt).failures())
                .singleElement()
                .hasToString("Failure[index=1, key=lock, found=null, errors=[UpdateError[operation=0, "
                        + "code=increment.not_number, message=Expected number at path 'status', got string.]]]");
        assertThat(orders.get("o-1")).isEqualTo(new Order("shipped"));
    }

    @Test
    void shouldLeaseAndFence() {
        Duration minute = Duration.ofMinutes(1);
        Lease first = orders.acquireLease("job", "a", minute);
        assertThat(first.held()).isTrue();
        assertThat(first.expiresAt()).isAfter(Instant.now());
        assertThat(orders.acquireLease("job", "b", minute)).extracting(Lease::held, Lease::owner)
                .containsExactly(false, "a");
        assertThat(orders.renewLease(first, minute).fence()).isEqualTo(first.fence());
        orders.set("o-1", new Order("by a"), WriteOptions.fencedBy(first));

        orders.releaseLease(first);
        Lease second = orders.acquireLease("job", "b", minute);

        assertThat(second.held()).isTrue();
        assertThat(second.fence()).isGreaterThan(first.fence());
        assertThat(orders.renewLease(first, minute).held()).isFalse();
        assertCode("FENCED", () -> orders.set("o-1", new Order("late"), WriteOptions.fencedBy(first)));
        assertThat(orders.get("o-1")).isEqualTo(new Order("by a"));
    }

    @Test
    void shouldTellOfChanges() throws Exception {
        BlockingQueue<StateEvent<Order>> all = new LinkedBlockingQueue<>();
        BlockingQueue<StateEvent<Order>> shipped = new LinkedBlockingQueue<>();
        Registration listening = orders.onChange(name + "::all", all::add);
        orders.onChange(
                name + "::shipped",
                trigger -> trigger.with("condition", "status == \"shipped\"").with("include_meta", true),
                shipped::add);
        Order pending = new Order("pending");
        Order done = new Order("shipped");

        orders.set("o-1", pending);
        orders.set("o-1", done);
        orders.delete("o-1");

        assertThat(List.of(next(all), next(all), next(all)))
                .containsExactly(
                        new StateEvent<>(StateEvent.Kind.CREATED, name, "o-1", null, pending, null),
                        new StateEvent<>(StateEvent.Kind.UPDATED, name, "o-1", pending, done, null),
                        new StateEvent<>(StateEvent.Kind.DELETED, name, "o-1", done, null, null));
        StateEvent<Order> event = next(shipped);
        assertThat(event.after()).isEqualTo(done);
        assertThat(event.meta().toTree().path("version").asLong()).isEqualTo(2);
        listening.unregister();
        orders.set("o-1", done);
        assertThat(next(shipped).kind()).isEqualTo(StateEvent.Kind.CREATED);
        assertThat(all.poll(300, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void shouldDoWhatTheReadmeShows() throws Exception {
        BlockingQueue<String> mails = new LinkedBlockingQueue<>();

        StateExample.run(worker, mails::add);

        assertThat(next(mails)).isEqualTo("o-1 is on its way");
        String source = Files.readString(
                Path.of("src/test/java/io/iiikafka/gateway/sdk/StateExample.java"));
        String shown = source.substring(source.indexOf("State state ="), source.indexOf("\n        // end"));
        assertThat(Files.readString(Path.of("../worker-sdk/README.md"))).contains(shown.replace("\n        ", "\n"));
    }

    private static void assertCode(String code, ThrowingCallable call) {
        assertThatExceptionOfType(InvocationException.class).isThrownBy(call)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }

    private static <E> E next(BlockingQueue<E> queue) throws InterruptedException {
        E event = queue.poll(20, TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        return event;
    }
}
