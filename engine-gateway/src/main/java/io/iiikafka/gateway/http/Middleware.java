package io.iiikafka.gateway.http;

import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iiikafka.sdk.protocol.RawJson;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the middleware of one request, one after another (spec: http.md 12). Beyond the spec what one leaves in
 * {@code context} reaches those after it and the handler.
 */
final class Middleware {

    private static final Logger LOG = LoggerFactory.getLogger(Middleware.class);

    private final Calls calls;
    private final Payload payload;
    private @Nullable RawJson context;

    Middleware(Calls calls, Payload payload) {
        this.calls = calls;
        this.payload = payload;
    }

    /** What has been left for the handler; null for nothing. */
    @Nullable RawJson context() {
        return context;
    }

    /** Completes when all let the request pass; fails with an {@link Answer} when one does not. */
    Future<Void> run(List<String> functions) {
        Future<Void> passed = Future.succeededFuture();
        for (String function : functions) {
            passed = passed.compose(nothing -> run(function));
        }
        return passed;
    }

    private Future<Void> run(String function) {
        RawJson input = payload.forMiddleware(context == null ? RawJson.EMPTY_OBJECT : context);
        return calls.middleware(function, input).compose(value -> switch (Verdict.read(value)) {
            case Verdict.Continue further -> {
                merge(further.context());
                yield Future.succeededFuture();
            }
            case Verdict.Respond respond -> Future.failedFuture(new Answer(respond.reply()));
            case Verdict.Unclear unclear -> {
                LOG.atWarn()
                        .addKeyValue("function", function)
                        .log("A middleware answered neither continue nor respond; the request passes");
                yield Future.succeededFuture();
            }
        });
    }

    private void merge(@Nullable RawJson more) {
        if (more != null && context != null) {
            ObjectNode merged = (ObjectNode) context.toTree();
            merged.setAll((ObjectNode) more.toTree());
            context = RawJson.ofValue(merged);
        } else if (more != null) {
            context = more;
        }
    }
}
