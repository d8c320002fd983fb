package io.iiikafka.topology.keeper;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.record.RoutedCall;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

/** Which calls of triggers go to a gateway without the router, and which do not. */
class ShortcutTest {

    @TempDir
    private Path directory;

    private TriggerRig rig;

    @BeforeEach
    void open() {
        rig = new TriggerRig(directory);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void shouldDeliverACallThatNobodyWaitsForToTheGatewayOfAWorker() {
        rig.trigger("state", "{\"scope\":\"s\",\"condition_function_id\":\"c\"}");

        rig.set("k", 1);

        TestRecord<byte[], byte[]> delivery = rig.delivery();
        assertThat(new String(delivery.key(), UTF_8)).isEqualTo("f");
        RoutedCall call = TriggerRig.call(delivery);
        assertThat(call.call().reply()).isFalse();
        assertThat(call.condition()).isEqualTo("c");
        assertThat(call.hops()).isZero();
        assertThat(requireNonNull(call.call().metadata())).hasToString("{\"m\":1}");
        rig.silence();
    }

    @Test
    void shouldLeaveACallToTheRouterWhenNobodyServesItsFunction() {
        rig.trigger("state", "{\"scope\":\"s\"}");
        rig.leave();

        rig.set("k", 1);

        assertThat(rig.routed().call().functionId()).isEqualTo("f");
        rig.silence();
    }

    @Test
    void shouldLeaveACallToTheRouterWhenTheGatewayOfItsWorkerHasNoSlot() {
        rig.trigger("state", "{\"scope\":\"s\"}");
        rig.put(new CatalogEntry.Gateway("g", 1, List.of(), "h:1", "1", 0, 0, 0, 1_000, false, null));

        rig.set("k", 1);

        assertThat(rig.routed().call().functionId()).isEqualTo("f");
        rig.silence();
    }

    @Test
    void shouldDeliverACallWhoseOutcomeTheKeeperAwaits() {
        rig.trigger("state", "{\"scope\":\"s\"" + TriggerRig.RETRY + "}");

        rig.set("k", 1);

        assertThat(requireNonNull(TriggerRig.call(rig.delivery()).origin()).isKeeper()).isTrue();
        rig.silence();
    }

    @Test
    void shouldDeliverToAGatewayWithManySlotsWhatOneChangeFiresInOneRecord() {
        List<Integer> slots = IntStream.range(0, 16).boxed().toList();
        rig.put(new CatalogEntry.Gateway("g", 1, slots, "h:1", "1", 0, 0, 0, 1_000, false, null));
        rig.trigger("state", "{\"scope\":\"s\"}");
        second("w", "g", "{\"scope\":\"s\"}");
        second("w", "asked", "{\"scope\":\"s\",\"condition_function_id\":\"c\"}");

        rig.set("k", 1);

        List<TestRecord<byte[], byte[]>> records = List.of(rig.delivery(), rig.delivery());
        assertThat(records)
                .extracting(TriggerRig::calls)
                .satisfiesExactlyInAnyOrder(
                        together -> assertThat(together)
                                .extracting(each -> each.call().functionId())
                                .containsExactlyInAnyOrder("f", "g"),
                        alone -> assertThat(alone)
                                .singleElement()
                                .satisfies(each -> assertThat(each.condition()).isEqualTo("c")));
        assertThat(records)
                .flatExtracting(TriggerRig::calls)
                .extracting(each -> each.call().invocationId())
                .doesNotHaveDuplicates();
        rig.silence();
    }

    @Test
    void shouldDeliverToEachGatewayInARecordOfItsOwn() {
        rig.put(new CatalogEntry.Gateway("h", 1, List.of(1), "h:2", "1", 0, 0, 0, 1_000, false, null));
        rig.put(new CatalogEntry.Worker(
                "v", "h", "default", true, "v", null, null, null, null, null, null, null, null, 0, "", "l"));
        rig.trigger("state", "{\"scope\":\"s\"}");
        second("v", "g", "{\"scope\":\"s\"}");

        rig.set("k", 1);

        assertThat(List.of(rig.delivery(), rig.delivery()))
                .allSatisfy(record -> assertThat(TriggerRig.calls(record)).hasSize(1))
                .extracting(record -> new String(record.key(), UTF_8))
                .containsExactlyInAnyOrder("f", "g");
        rig.silence();
    }

    private void second(String worker, String function, String config) {
        rig.put(new CatalogEntry.Function(worker, "default", function, null, null, null, null));
        rig.put(new CatalogEntry.Trigger(
                worker, "of " + function, "state", function, "default", null, "default", RawJson.of(config), null));
    }
}
