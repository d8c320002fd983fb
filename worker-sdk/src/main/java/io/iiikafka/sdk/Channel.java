package io.iiikafka.sdk;

/** Both ends of a new pipe. Put a ref into a payload as it is: {@code {"channel_id","access_key","direction"}}. */
public record Channel(ChannelRef writer, ChannelRef reader) {}
