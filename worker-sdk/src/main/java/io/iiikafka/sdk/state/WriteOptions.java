package io.iiikafka.sdk.state;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.protocol.JsonBuilder;

/**
 * On which terms a write is made (spec: state.md 12.2, 12.3).
 *
 * @param ifVersion the version that the key must have, else the call fails with {@code VERSION_MISMATCH}; 0: the key
 *     must not be there; null: any
 * @param idempotencyKey a repeat with the same one within 24 h gets the first reply and does nothing; at most 256
 *     bytes
 * @param fence a lease; the call fails with {@code FENCED} when somebody else has got it since
 * @param ttl of a {@code set}: the key is removed after that time, unless it is written again before; null: it stays
 */
public record WriteOptions(
        @Nullable Long ifVersion, @Nullable String idempotencyKey, @Nullable Lease fence, @Nullable Duration ttl) {

    public static final WriteOptions NONE = new WriteOptions(null, null, null, null);

    public static WriteOptions ifVersion(long version) {
        return new WriteOptions(version, null, null, null);
    }

    public static WriteOptions ifAbsent() {
        return ifVersion(0);
    }

    public static WriteOptions idempotent(String key) {
        return new WriteOptions(null, key, null, null);
    }

    public static WriteOptions fencedBy(Lease lease) {
        return new WriteOptions(null, null, lease, null);
    }

    public static WriteOptions expiringAfter(Duration ttl) {
        return new WriteOptions(null, null, null, ttl);
    }

    public WriteOptions withTtl(Duration time) {
        return new WriteOptions(ifVersion, idempotencyKey, fence, time);
    }

    public WriteOptions withIdempotencyKey(String key) {
        return new WriteOptions(ifVersion, key, fence, ttl);
    }

    public WriteOptions withFence(Lease lease) {
        return new WriteOptions(ifVersion, idempotencyKey, lease, ttl);
    }

    JsonBuilder addTo(JsonBuilder request) {
        if (ifVersion != null) {
            request.member("if_version", ifVersion);
        }
        if (idempotencyKey != null) {
            request.member("idempotency_key", idempotencyKey);
        }
        if (fence != null) {
            request.member(
                    "fence",
                    JsonBuilder.object().member("key", fence.key()).member("value", fence.fence()).build());
        }
        if (ttl != null) {
            request.member("ttl_ms", ttl.toMillis());
        }
        return request;
    }
}
