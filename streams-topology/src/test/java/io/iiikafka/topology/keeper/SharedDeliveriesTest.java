package io.iiikafka.topology.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.RoutedCall;
import org.junit.jupiter.api.Test;

/** Which calls of one command share a delivery. */
class SharedDeliveriesTest {

    private record Written(int slot, List<String> functions) {}

    private final List<Written> written = new ArrayList<>();
    private final SharedDeliveries deliveries = new SharedDeliveries((slot, calls) -> written.add(
            new Written(slot, calls.stream().map(each -> each.call().functionId()).toList())));

    private static RoutedCall call(String function, RawJson data, String metadata) {
        Call call = new Call("i", function, "default", data, RawJson.of(metadata), false, null, null, null, 17);
        return new RoutedCall(call, null, 0, 0, null, null, "t");
    }

    private static RoutedCall call(String function, RawJson data) {
        return call(function, data, "{}");
    }

    @Test
    void shouldKeepEventsInTheirOrderThoughTheyLookAlike() {
        RawJson first = RawJson.of("1");
        RawJson second = RawJson.of("2");
        RawJson alike = RawJson.of("1");
        for (RawJson event : List.of(first, second, alike)) {
            deliveries.add(3, call("f", event));
            deliveries.add(3, call("g", event));
        }
        assertThat(written).isEmpty();
        deliveries.flush();

        Written both = new Written(3, List.of("f", "g"));
        assertThat(written).containsExactly(both, both, both);
    }

    @Test
    void shouldWriteARecordForEachSlot() {
        RawJson event = RawJson.of("1");
        deliveries.add(3, call("f", event));
        deliveries.add(4, call("g", event));
        deliveries.add(3, call("h", event));
        deliveries.flush();

        assertThat(written).containsExactly(new Written(3, List.of("f", "h")), new Written(4, List.of("g")));
        deliveries.flush();
        assertThat(written).as("written once").hasSize(2);
    }

    @Test
    void shouldWriteNoRecordThatIsTooLarge() {
        RawJson event = RawJson.of("1");
        for (int i = 0; i < 250; i++) {
            deliveries.add(0, call("f" + i, event));
        }
        deliveries.flush();
        assertThat(written).extracting(each -> each.functions().size()).containsExactly(100, 100, 50);

        written.clear();
        String metadata = "\"" + "m".repeat(30_000) + "\"";
        for (int i = 0; i < 3; i++) {
            deliveries.add(0, call("f" + i, event, metadata));
        }
        deliveries.flush();
        assertThat(written).extracting(each -> each.functions().size()).containsExactly(2, 1);

        written.clear();
        String name = "n".repeat(40_000);
        deliveries.add(0, call(name, event));
        deliveries.add(0, call(name, event));
        RawJson large = RawJson.of("\"" + "x".repeat(300_000) + "\"");
        deliveries.add(0, call("f", large));
        deliveries.add(0, call("g", large));
        deliveries.flush();
        assertThat(written).hasSize(4);
    }
}
