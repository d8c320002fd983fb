package io.iiikafka.gateway.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What one client asks, at random. What it writes nobody else writes, so that answers tell as much as can be about the order
 * of calls: what a call would not have noticed, no checker finds.
 */
final class ScopeCalls {

    private static final int KEYS = 10;

    private final Random random;
    private final Map<String, String> seen = new HashMap<>();
    private long unique;

    /**
     * @param client up to 99
     */
    ScopeCalls(int client, Random random) {
        this.random = random;
        this.unique = client;
    }

    ScopeCall next() {
        return switch (random.nextInt(16)) {
            case 0, 1, 2 -> new ScopeCall.Get(key());
            case 3, 4 -> swap();
            case 5, 6, 7 -> transaction();
            case 8 -> new ScopeCall.ListAll();
            default -> write();
        };
    }

    /** Remembers the value, for a compare-and-set. */
    void heard(ScopeCall call, String answer) {
        switch (call) {
            case ScopeCall.Get get when !answer.equals(ScopeCall.NOTHING) -> seen.put(get.key(), answer);
            case ScopeCall.Set set -> seen.put(set.key(), set.value());
            default -> {} // enough
        }
    }

    private ScopeCall swap() {
        String key = key();
        return new ScopeCall.CompareAndSet(key, seen.getOrDefault(key, "0"), value());
    }

    private ScopeCall.Write write() {
        String key = key();
        return switch (random.nextInt(7)) {
            case 0, 1 -> new ScopeCall.Set(key, value());
            case 2 -> new ScopeCall.Delete(key);
            case 3, 4 -> new ScopeCall.Increment(key, unique());
            default -> new ScopeCall.Append(key, unique());
        };
    }

    private ScopeCall transaction() {
        List<ScopeCall.Write> writes = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            writes.add(write());
        }
        return new ScopeCall.Transact(key(), random.nextInt(4) > 0, writes, List.of(key(), key()));
    }

    private String key() {
        return "k" + random.nextInt(KEYS);
    }

    private String value() {
        return random.nextInt(4) == 0 ? "[" + unique() + "]" : Long.toString(unique());
    }

    private long unique() {
        unique += 100;
        return unique;
    }
}
