package io.iiikafka.gateway.channel;

import io.vertx.core.buffer.Buffer;

/** What travels in a channel; kinds and boundaries are kept. */
public sealed interface ChannelFrame {

    record Text(String text) implements ChannelFrame {}

    record Binary(Buffer data) implements ChannelFrame {}

    /** About what it costs to keep. */
    default int weight() {
        return 64 + switch (this) {
            case Text text -> text.text().length();
            case Binary binary -> binary.data().length();
        };
    }
}
