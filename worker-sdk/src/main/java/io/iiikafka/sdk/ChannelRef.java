package io.iiikafka.sdk;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The right to open one end of a channel, as it travels in payloads.
 *
 * @param accessKey a secret: whoever has it can open the end
 * @param direction {@code read} or {@code write}
 */
public record ChannelRef(
        @JsonProperty("channel_id") String channelId,
        @JsonProperty("access_key") String accessKey,
        @JsonProperty("direction") String direction) {

    /** Without the secret. */
    @Override
    public String toString() {
        return "ChannelRef[" + channelId + ", " + direction + "]";
    }
}
