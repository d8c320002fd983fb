package io.iiikafka.gateway.socket;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The catalog entries of one connection, by their keys, and how many more it may have: every gateway, router and keeper
 * holds all of them in memory. Used on the connection's event loop.
 */
final class RegistrationRoom {

    private final int most;
    private final long mostBytes;
    private final Map<String, Integer> sizes = new HashMap<>();
    private long bytes;

    RegistrationRoom(int most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
    }

    /** Why an entry of the size has no room, in place of the one that the key may have; or null. */
    @Nullable String refusal(String key, int size) {
        Integer before = sizes.get(key);
        if (before == null && sizes.size() >= most) {
            return "the connection has " + most + " registrations, the limit (limits.registrations_per_worker)";
        }
        long after = bytes + size - (before == null ? 0 : before);
        return after <= mostBytes
                ? null
                : "the connection's registrations would take " + after + " bytes, the limit is " + mostBytes
                        + " (limits.registered_bytes_per_worker)";
    }

    void put(String key, int size) {
        Integer before = sizes.put(key, size);
        bytes += size - (before == null ? 0 : before);
    }

    void remove(String key) {
        Integer before = sizes.remove(key);
        bytes -= before == null ? 0 : before;
    }

    boolean contains(String key) {
        return sizes.containsKey(key);
    }

    Set<String> keys() {
        return sizes.keySet();
    }

    void clear() {
        sizes.clear();
        bytes = 0;
    }
}
