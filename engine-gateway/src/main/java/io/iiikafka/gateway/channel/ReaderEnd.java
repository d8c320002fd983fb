package io.iiikafka.gateway.channel;

import java.util.function.Consumer;

/** Where frames come out of a channel; used on the channel's context. */
public final class ReaderEnd {

    private final Channel channel;

    ReaderEnd(Channel channel) {
        this.channel = channel;
    }

    /** Begins to read. {@code ended} is told once, after the last frame. */
    public void read(Consumer<ChannelFrame> frames, Consumer<ChannelEnd> ended) {
        channel.read(frames, ended);
    }

    /** No frame comes until {@link #resume}. */
    public void pause() {
        channel.pause();
    }

    public void resume() {
        channel.resume();
    }

    /** Reads no more: the writer is told at once. */
    public void cancel() {
        channel.readerGone();
    }
}
