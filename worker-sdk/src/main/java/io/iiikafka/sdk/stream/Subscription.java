package io.iiikafka.sdk.stream;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.protocol.RawJson;

/**
 * What a client of the stream port listens to, or wants to (spec: stream.md 6.2).
 *
 * @param item null: the whole group
 * @param context what the auth function said of the client; {@code null} without one
 */
public record Subscription(String id, String stream, String group, @Nullable String item, RawJson context) {}
