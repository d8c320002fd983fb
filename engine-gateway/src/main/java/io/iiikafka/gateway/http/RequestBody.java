package io.iiikafka.gateway.http;

import java.nio.charset.StandardCharsets;

import io.iiikafka.sdk.protocol.RawJson;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request's body: read whole before the handler is called if it is JSON, else handed on as it arrives
 * (spec: http.md 7). Confined to the request's event loop.
 */
final class RequestBody {

    private final HttpServerRequest request;
    private final HttpLimits limits;
    private final long bodyLimit;
    private final boolean json;
    private final boolean text;
    private final Promise<Void> collected = Promise.promise();
    private @Nullable Buffer start;
    private @Nullable Target target;
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

    RequestBody(HttpServerRequest request, HttpRules rules, HttpLimits limits) {
        this.request = request;
        this.limits = limits;
        this.bodyLimit = rules.config().bodyLimitBytes().orElse(Long.MAX_VALUE);
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
        if (json || text && limits.rawBodyBytes() > 0) {
            start = Buffer.buffer();
            request.resume();
        } else {
            collected.complete();
        }
        return collected.future();
    }

    private int collectable() {
        return json ? limits.parsedBodyBytes() : limits.rawBodyBytes();
    }

    private void data(Buffer data) {
        received += data.length();
        if (received > bodyLimit) {
            collected.tryFail(new Answer(ErrorReplies.PAYLOAD_TOO_LARGE));
            abort();
        } else if (target != null) {
            target.data(data);
        } else if (start != null) {
            start.appendBuffer(data);
            if (start.length() > collectable()) {
                request.pause();
                collected.tryComplete();
            }
        }
    }

    private void end() {
        ended = true;
        collected.tryComplete();
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
        return json && isWhole() ? RawJson.parse(start.getBytes()) : null;
    }

    /** The body as text, for handlers that verify signatures; null unless that is switched on. */
    @Nullable String raw() {
        boolean wanted = isWhole() && limits.rawBodyBytes() > 0 && start.length() <= limits.rawBodyBytes();
        return wanted ? start.toString(StandardCharsets.UTF_8) : null;
    }

    private boolean isWhole() {
        return start != null && ended && start.length() <= collectable();
    }

    /** Hands all bytes on, those read already first. */
    void streamTo(Target receiver) {
        target = receiver;
        if (start != null && start.length() > 0) {
            receiver.data(start);
            start = null;
        }
        if (broken) {
            receiver.abort();
        } else if (ended) {
            receiver.end();
        } else {
            request.resume();
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
        start = null;
        if (!ended) {
            Handler<Buffer> nowhere = data -> {};
            request.handler(nowhere);
            request.resume();
        }
    }
}
