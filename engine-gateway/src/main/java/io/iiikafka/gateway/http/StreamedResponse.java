package io.iiikafka.gateway.http;

import io.iiikafka.gateway.channel.ChannelEnd;
import io.iiikafka.gateway.channel.ChannelFrame;
import io.iiikafka.gateway.channel.ReaderEnd;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * What a handler writes to the channel {@code response}: control messages, then, from the first binary frame on, the
 * body
 * (spec: http.md 10). Each frame is flushed to the client as it comes. Confined to the request's event loop.
 */
final class StreamedResponse {

    /** The request that it may become the response of. */
    interface Owner {

        /** Whether it may still become that; if so, it has. Sends the head. */
        boolean begin(StreamHead head);

        HttpServerResponse response();

        /** Whether the body is left out: the client asked for the head only, or the status forbids one. */
        boolean isBodiless();

        /** The body has ended, or been cut. */
        void streamed();
    }

    private final Owner owner;
    private final ReaderEnd reader;
    private final StreamHead head = new StreamHead();
    private boolean begun;
    private boolean over;
    private boolean writerLost;
    private boolean returned;
    private long left = Long.MAX_VALUE;
    private boolean lengthDeclared;

    private StreamedResponse(Owner owner, ReaderEnd reader) {
        this.owner = owner;
        this.reader = reader;
    }

    static StreamedResponse begin(Owner owner, ReaderEnd reader) {
        StreamedResponse stream = new StreamedResponse(owner, reader);
        reader.read(stream::frame, stream::ended);
        return stream;
    }

    private void frame(ChannelFrame frame) {
        switch (frame) {
            case ChannelFrame.Text text -> {
                if (!begun) {
                    head.apply(text.text());
                }
            }
            case ChannelFrame.Binary binary -> {
                if (sendHead()) {
                    chunk(binary.data());
                }
            }
        }
    }

    /** False when the response is another one, or over. */
    private boolean sendHead() {
        if (!begun && !over) {
            begun = owner.begin(head);
            over = !begun;
            if (begun) {
                HttpServerResponse response = owner.response();
                declaredLength(response.headers().get("content-length"));
                response.drainHandler(drained -> reader.resume());
            }
        }
        return !over;
    }

    private void declaredLength(@Nullable String length) {
        if (length != null) {
            left = Long.parseLong(length);
            lengthDeclared = true;
        }
    }

    private void chunk(Buffer data) {
        if (owner.isBodiless() || data.length() == 0) {
            return;
        }
        left -= data.length();
        if (left < 0) {
            cut(); // more than was declared would be taken for the next response
            return;
        }
        owner.response().write(data);
        if (owner.response().writeQueueFull()) {
            reader.pause();
        }
    }

    private void ended(ChannelEnd how) {
        switch (how) {
            case COMPLETE -> finish();
            case ABORTED -> {
                writerLost = true;
                if (begun) {
                    cut();
                } else if (returned) {
                    finish();
                } // else the outcome tells whether the worker was lost too
            }
        }
    }

    /** The handler has returned nothing: the channel alone decides. */
    void returned() {
        returned = true;
        if (writerLost) {
            finish();
        }
    }

    private void finish() {
        if (!sendHead()) {
            return;
        }
        over = true;
        if (lengthDeclared && left > 0 && !owner.isBodiless()) {
            owner.response().reset();
        } else {
            owner.response().end();
        }
        owner.streamed();
    }

    /** The client must see that the body is not whole. */
    private void cut() {
        if (!over) {
            over = true;
            owner.response().reset();
            reader.cancel();
            owner.streamed();
        }
    }

    /** Nobody wants the body any more: the writer is told at once. */
    void cancel() {
        over = true;
        reader.cancel();
    }
}
