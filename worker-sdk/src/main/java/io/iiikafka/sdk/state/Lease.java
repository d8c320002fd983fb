package io.iiikafka.sdk.state;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Who may work on something, for a time (spec: state.md 12.3).
 *
 * @param key what it is for; no value needs to be there
 * @param held whether the one who asked has it
 * @param owner who has it; null: nobody
 * @param fence grows with each new owner; {@link WriteOptions#fencedBy} keeps an owner of the past from writing
 * @param expiresAt by the clock of the engine; the epoch when it was never held
 */
public record Lease(String key, boolean held, @Nullable String owner, long fence, Instant expiresAt) {}
