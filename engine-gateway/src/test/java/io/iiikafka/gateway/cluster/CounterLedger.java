package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.JsonNode;

/** What callers know of increments: each acknowledged one made a value that no other made, of some nobody knows. */
final class CounterLedger {

    private static final int SCOPES = 10;
    private static final int KEYS = 10;

    record Counter(String scope, String key) {

        String payload() {
            return "{\"scope\":\"" + scope + "\",\"key\":\"" + key
                    + "\",\"ops\":[{\"type\":\"increment\",\"path\":\"\",\"by\":1}]}";
        }
    }

    private final Map<Counter, Set<Long>> made = new ConcurrentHashMap<>();
    private final Map<Counter, AtomicInteger> unknown = new ConcurrentHashMap<>();
    private final Map<String, Integer> reasons = new ConcurrentHashMap<>();

    /** One of a hundred. */
    static Counter any(Random random) {
        return new Counter(scope(random.nextInt(SCOPES)), "n" + random.nextInt(KEYS));
    }

    static String scope(int number) {
        return "counters-" + number;
    }

    static int scopes() {
        return SCOPES;
    }

    void acknowledged(Counter counter, JsonNode result) {
        long value = result.path("new_value").longValue();
        boolean first = made.computeIfAbsent(counter, none -> ConcurrentHashMap.newKeySet()).add(value);
        assertThat(first).as("%s came to %d twice", counter, value).isTrue();
        assertThat(result.path("old_value").asLong(0)).as("before %d of %s", value, counter).isEqualTo(value - 1);
    }

    void unknown(Counter counter, String reason) {
        unknown.computeIfAbsent(counter, none -> new AtomicInteger()).incrementAndGet();
        reasons.merge(reason, 1, Integer::sum);
    }

    int acknowledgedCalls() {
        return made.values().stream().mapToInt(Set::size).sum();
    }

    /** Why calls were not acknowledged, and how many. */
    Map<String, Integer> reasons() {
        return reasons;
    }

    /** Every value up to the last was made by an acknowledged increment, or by one of which nobody knows. */
    void assertCountedOnce(Map<Counter, Long> values) {
        assertThat(values.keySet()).containsAll(made.keySet());
        values.forEach((counter, value) -> {
            Set<Long> acknowledged = made.getOrDefault(counter, Set.of());
            Set<Long> notAcknowledged = new HashSet<>();
            for (long each = 1; each <= value; each++) {
                notAcknowledged.add(each);
            }
            assertThat(notAcknowledged).as("values of %s", counter).containsAll(acknowledged);
            notAcknowledged.removeAll(acknowledged);
            assertThat(notAcknowledged.size())
                    .as("more than were asked of %s", counter)
                    .isLessThanOrEqualTo(unknown.getOrDefault(counter, new AtomicInteger()).get());
        });
    }
}
