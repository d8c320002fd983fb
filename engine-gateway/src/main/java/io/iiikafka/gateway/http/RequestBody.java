package io.iiikafka.gateway.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import org.jspecify.annotations.Nullable;

/**
 * A request's body: read whole before the handler is called if it is JSON, else handed on as it arrives
 * (spec: http.md 7). Confined to the request's event loop.
 */
final class RequestBody {

    /** Up to here a body's memory does not matter, nor is it worth to count it. */
    private static final int SMALL = 64 * 1024;

    private final HttpServerRequest request;
    private final HttpLimits limits;
    private final long bodyLimit;
    private final int rawLimit;
    private final boolean json;
    private final boolean text;
    private final Promise<Void> collected = Promise.promise();
    private final BodyMemory memory;
    private final List<Buffer> parts = new ArrayList<>(1);
    private byte @Nullable [] whole;
    private BodyMemory.@Nullable Share share;
    private @Nullable Target target;
    private int kept;
    private boolean collecting;
    private long received;
    private boolean ended;
    private boolean broken;

    /** Takes the body's bytes in order. */
    interface Target {

        void data(Buffer data);

        /** All bytes were given. */
        void end();

        /** The rest will never come: the client is gone, or sent more than it may. */
        void abort();
    }

    /** @param memory of the request's event loop */
    RequestBody(HttpServerRequest request, HttpRules rules, HttpLimits limits, BodyMemory memory) {
        this.request = request;
        this.memory = memory;
        this.limits = limits;
        this.bodyLimit = rules.config().bodyLimitBytes().orElse(Long.MAX_VALUE);
        this.rawLimit = (int) Math.min(rules.config().rawBodyBytes().orElse(0), limits.parsedBodyBytes());
        String contentType = request.getHeader("content-type");
        this.json = ContentType.isJson(contentType);
        this.text = ContentType.isText(contentType);
        this.ended = !isPresent(request);
    }

    /** Whether the client sends a body at all. */
    static boolean isPresent(HttpServerRequest request) {
        return request.getHeader("transfer-encoding") != null || declaredLength(request) > 0;
    }

    static long declaredLength(HttpServerRequest request) {
        String length = request.getHeader("content-length");
        try {
            return length == null ? 0 : Long.parseLong(length.strip());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /**
     * Begins to read. Completes when the handler may be called: at the end of a JSON body, at once for any other. Fails
     * with an {@link Answer} when the body is larger than allowed.
     */
    Future<Void> read() {
        if (declaredLength(request) > bodyLimit) {
            return Future.failedFuture(new Answer(ErrorReplies.PAYLOAD_TOO_LARGE));
        }
        if (ended) {
            return Future.succeededFuture();
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
            request.response().writeContinue();
        }
        request.exceptionHandler(failure -> abort());
        request.handler(this::data);
        request.endHandler(nothing -> end());
        if (json || text && rawLimit > 0) {
            collecting = true;
            request.resume();
        } else {
            collected.complete();
        }
        return collected.future();
    }

    private int collectable() {
        return json ? limits.parsedBodyBytes() : rawLimit;
    }

    private void data(Buffer data) {
        received += data.length();
        if (received > bodyLimit) {
            collected.tryFail(new Answer(ErrorReplies.PAYLOAD_TOO_LARGE));
            abort();
        } else if (target != null) {
            target.data(data);
        } else if (collecting) {
            keep(data);
        }
    }

    private void keep(Buffer data) {
        parts.add(data);
        kept += data.length();
        if (kept > collectable()) {
            request.pause();
            stopCollecting();
        } else if (kept > SMALL) {
            boolean more = share == null ? firstShare().add(kept) : share.add(data.length());
            if (!more) {
                request.pause();
            }
        }
    }

    private BodyMemory.Share firstShare() {
        share = memory.share(request::resume);
        return share;
    }

    private void stopCollecting() {
        collecting = false;
        if (share != null) {
            share.complete();
        }
        collected.tryComplete();
    }

    private void end() {
        ended = true;
        stopCollecting();
        if (target != null && !broken) {
            target.end();
        }
    }

    private void abort() {
        if (!broken && !ended) {
            broken = true; // nobody is left to answer: what waits for the body goes no further
            if (target != null) {
                target.abort();
            }
        }
    }

    /** The body as a value; null when it is not JSON, malformed, empty, or too large to be parsed. */
    @Nullable RawJson value() {
        return json && isWhole() ? RawJson.parse(whole()) : null;
    }

    /** The body as text, for handlers that verify signatures; null unless that is switched on. */
    @Nullable String raw() {
        return isWhole() && kept <= rawLimit ? new String(whole(), StandardCharsets.UTF_8) : null;
    }

    private boolean isWhole() {
        return kept > 0 && ended && kept <= collectable();
    }

    /** In one piece, put together once. */
    private byte[] whole() {
        if (whole == null) {
            byte[] joined = new byte[kept];
            int at = 0;
            for (Buffer part : parts) {
                part.getBytes(joined, at);
                at += part.length();
            }
            parts.clear();
            whole = joined;
        }
        return whole;
    }

    /** Hands all bytes on, those read already first. */
    void streamTo(Target receiver) {
        target = receiver;
        if (whole != null) {
            receiver.data(BufferInternal.buffer(Unpooled.wrappedBuffer(whole)));
        }
        parts.forEach(receiver::data);
        forget();
        if (broken) {
            receiver.abort();
        } else if (ended) {
            receiver.end();
        } else {
            request.resume();
        }
    }

    private void forget() {
        parts.clear();
        whole = null;
        kept = 0;
    }

    /** Whether it takes room that others may wait for. */
    boolean isLarge() {
        return share != null;
    }

    /** Nothing of it is kept any more. */
    void release() {
        if (share != null) {
            share.release();
        }
    }

    void pause() {
        request.pause();
    }

    void resume() {
        request.resume();
    }

    /** Reads what is left and forgets it, so that the connection can carry the next request. */
    void discard() {
        target = null;
        forget();
        release();
        if (!ended) {
            Handler<Buffer> nowhere = data -> {};
            request.handler(nowhere);
            request.resume();
        }
    }
}
