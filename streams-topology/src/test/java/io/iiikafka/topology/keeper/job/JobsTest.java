package io.iiikafka.topology.keeper.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.catalog.FunctionKey;
import io.iiikafka.topology.record.Call;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The jobs of one partition, without a keeper around them. */
class JobsTest {

    private static final String QUEUE = EntryKey.queue("default");
    private static final String SUBSCRIPTION = EntryKey.subscription("news", "default", "f");

    private final MockProcessorContext<Void, Void> context = new MockProcessorContext<>();
    private final LateStore stored = new LateStore.Builder(memory("jobs")).build();
    private final KeyValueStore<String, byte[]> letters = memory("letters").build();
    private final AtomicInteger asked = new AtomicInteger();
    private Set<String> served = Set.of();
    private long offset;
    private long nowMs = 1_700_000_000_000L;

    private static StoreBuilder<KeyValueStore<String, byte[]>> memory(String name) {
        return Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
                .withLoggingDisabled()
                .withCachingDisabled();
    }

    @BeforeEach
    void open() {
        stored.init(context.getStateStoreContext(), stored);
        letters.init(context.getStateStoreContext(), letters);
    }

    /** As the next process finds them. */
    private Jobs jobs() {
        return new Jobs(
                stored, letters, new Catalog(), this::isServed, () -> nowMs, JobWatch.NONE, DeliverySpans.NONE);
    }

    private boolean isServed(FunctionKey function) {
        asked.incrementAndGet();
        return served.contains(function.id());
    }

    private void take(Jobs jobs, String queue, String function, String receipt) {
        Call call = new Call(
                receipt, function, Call.DEFAULT_NAMESPACE, RawJson.NULL, null, false, null, null, null, 0);
        jobs.at(offset++);
        jobs.take(call, null, new Terms.Agreed(queue, null, 0, 0, 0, null), nowMs);
    }

    private static List<String> receipts(Jobs jobs, String queue) {
        List<String> receipts = new ArrayList<>();
        jobs.operations().list(queue, null, null, 0, view -> receipts.add(view.json().toTree().get("id").asText()));
        return receipts;
    }

    /** They go some hundred at a time, and the process may end in between. */
    @Test
    void shouldNotGiveANewSubscriptionWhatWasStillToBeDroppedWhenTheKeeperDied() {
        Jobs dying = jobs();
        for (int i = 0; i < 1_200; i++) {
            take(dying, SUBSCRIPTION, "f", "old" + i);
        }
        dying.drop(SUBSCRIPTION, nowMs);
        stored.flushCache();
        assertThat(receipts(dying, SUBSCRIPTION)).hasSizeBetween(1, 1_199);

        Jobs next = jobs();
        take(next, SUBSCRIPTION, "f", "new");
        while (receipts(next, SUBSCRIPTION).size() > 1 && nowMs < 1_700_000_010_000L) {
            next.tick(nowMs += 1_000);
        }
        stored.flushCache();

        assertThat(receipts(next, SUBSCRIPTION)).containsExactly("new");
        assertThat(receipts(jobs(), SUBSCRIPTION)).as("nothing is to be dropped any more").containsExactly("new");
    }

    /** What is due all the time would keep the thread of an idle partition busy. */
    @Test
    void shouldForgetTheKeyOfAJobWhenItsTimeIsOverThoughNoOtherJobComes() {
        Jobs jobs = jobs();
        Call call = new Call("r", "f", Call.DEFAULT_NAMESPACE, RawJson.NULL, null, false, null, null, null, 0);
        jobs.at(offset++);
        jobs.take(call, null, new Terms.Agreed(QUEUE, null, 0, 0, 0, null), new DedupWish("key", 1_000, false, false), nowMs);

        nowMs += 60_000;
        jobs.tick(nowMs);

        assertThat(jobs.nextDueMs()).isGreaterThan(nowMs);
    }

    /** Names of functions are whatever producers write. */
    @Test
    void shouldNotAskForEachFunctionThatNobodyServesWheneverAJobComes() {
        Jobs jobs = jobs();
        for (int i = 0; i < 500; i++) {
            take(jobs, QUEUE, "nobody" + i, "r" + i);
        }
        served = Set.of("f", "nobody7");
        asked.set(0);
        for (int i = 0; i < 5; i++) {
            take(jobs, QUEUE, "f", "f" + i);
        }
        assertThat(asked).hasValueLessThan(50);
        assertThat(jobs.begun()).extracting(Attempt::receipt).containsExactly("f0", "f1", "f2", "f3", "f4");

        jobs.tick(nowMs += 2_000);
        assertThat(jobs.nextDueMs()).as("the others are looked at again").isBetween(nowMs + 1, nowMs + 2_000);
        take(jobs, QUEUE, "f", "f5");
        assertThat(receipts(jobs, QUEUE)).hasSize(506);
    }

    @Test
    void shouldRunAJobWhoseFunctionIsServedAtLastThoughOthersStillWait() {
        Jobs jobs = jobs();
        for (int i = 0; i < 20; i++) {
            take(jobs, QUEUE, "nobody" + i, "r" + i);
        }
        served = Set.of("nobody7");
        assertThat(jobs.tick(nowMs += 200)).extracting(Attempt::receipt).containsExactly("r7");
        assertThat(jobs.tick(nowMs += 2_000)).isEmpty();
        served = Set.of("nobody3", "nobody9");
        assertThat(jobs.tick(nowMs += 2_000)).extracting(Attempt::receipt).containsExactly("r3", "r9");
    }
}
