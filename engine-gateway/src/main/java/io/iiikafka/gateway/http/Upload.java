package io.iiikafka.gateway.http;

import io.iiikafka.gateway.channel.ChannelFrame;
import io.iiikafka.gateway.channel.WriterEnd;
import io.vertx.core.buffer.Buffer;

/** Feeds a request's body into its channel, no faster than the handler reads it (spec: http.md 8). */
final class Upload implements RequestBody.Target {

    /** What all SDKs can take in one message. */
    private static final int LARGEST_FRAME = 64 * 1024;

    private final WriterEnd writer;
    private final RequestBody body;

    private Upload(WriterEnd writer, RequestBody body) {
        this.writer = writer;
        this.body = body;
    }

    static void begin(RequestBody body, WriterEnd writer) {
        writer.onDrain(body::resume);
        writer.onReaderGone(body::discard);
        body.streamTo(new Upload(writer, body));
    }

    @Override
    public void data(Buffer data) {
        for (int start = 0; start < data.length(); start += LARGEST_FRAME) {
            int end = Math.min(data.length(), start + LARGEST_FRAME);
            writer.write(new ChannelFrame.Binary(data.slice(start, end)));
        }
        if (writer.full()) {
            body.pause();
        }
    }

    @Override
    public void end() {
        writer.end();
    }

    @Override
    public void abort() {
        writer.abort();
    }
}
