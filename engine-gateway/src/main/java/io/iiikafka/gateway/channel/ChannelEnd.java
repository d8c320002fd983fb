package io.iiikafka.gateway.channel;

/** How a channel's writer stopped. */
public enum ChannelEnd {
    /** It said that this was all. */
    COMPLETE,
    /** It vanished: the reader may have got only a part. */
    ABORTED
}
