package io.iiikafka.gateway.channel;

/** Where frames go into a channel; used on the channel's context. */
public final class WriterEnd {

    private final Channel channel;

    WriterEnd(Channel channel) {
        this.channel = channel;
    }

    /** Whether to hold on until {@link #onDrain}; what is written all the same is kept. */
    public boolean full() {
        return channel.full();
    }

    /** Told each time the channel is no longer full. */
    public void onDrain(Runnable action) {
        channel.onDrain(action);
    }

    public void write(ChannelFrame frame) {
        channel.write(frame);
    }

    /** That was all; the reader learns it after the last frame. */
    public void end() {
        channel.end(ChannelEnd.COMPLETE);
    }

    /** The rest will never come; the reader learns it after the last frame. */
    public void abort() {
        channel.end(ChannelEnd.ABORTED);
    }

    /** Told once when nobody will read any more. What is written from then on is dropped. */
    public void onReaderGone(Runnable action) {
        channel.onReaderGone(action);
    }
}
