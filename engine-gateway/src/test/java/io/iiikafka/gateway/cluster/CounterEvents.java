package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What a state trigger's function was called with. */
final class CounterEvents {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Set<String>> idsByChange = new HashMap<>();
    private final Set<String> ids = new HashSet<>();

    private CounterEvents() {}

    static CounterEvents of(Iterable<String> payloads) {
        CounterEvents events = new CounterEvents();
        payloads.forEach(events::add);
        return events;
    }

    private void add(String payload) {
        try {
            JsonNode event = JSON.readTree(payload);
            String change = event.get("scope").textValue() + "/" + event.get("key").textValue() + " to "
                    + event.get("new_value");
            String id = event.at("/meta/event_id").textValue();
            idsByChange.computeIfAbsent(change, none -> new HashSet<>()).add(id);
            ids.add(id);
        } catch (JsonProcessingException e) {
            throw new AssertionError(payload, e);
        }
    }

    /** How many changes were reported. */
    int changes() {
        return idsByChange.size();
    }

    void assertOfAllWithOneIdEach(Map<CounterLedger.Counter, Long> values) {
        values.forEach((counter, value) -> {
            for (long each = 1; each <= value; each++) {
                String change = counter.scope() + "/" + counter.key() + " to " + each;
                assertThat(idsByChange.get(change)).as("ids of %s", change).hasSize(1);
            }
        });
        assertThat(ids).as("no id stands for two changes").hasSize(idsByChange.size());
    }
}
