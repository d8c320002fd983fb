package io.iiikafka.gateway.stream;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import io.iiikafka.gateway.invocation.Invoker;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the auth function about a request before it becomes a socket (spec: stream.md 5.2, 13.8). */
final class Admission {

    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    private static final Answer UNKNOWN = new Refused(401, "Unauthorized");

    /** What became of a request. */
    sealed interface Answer {}

    /** @param context kept for the connection; null: none */
    record Admitted(@Nullable RawJson context) implements Answer {}

    record Refused(int status, String message) implements Answer {}

    private final StreamSocketSettings settings;
    private final Invoker invoker;

    Admission(StreamSocketSettings settings, Invoker invoker) {
        this.settings = settings;
        this.invoker = invoker;
    }

    Future<Answer> ask(RawJson request) {
        if (settings.authFunction().isEmpty()) {
            return Future.succeededFuture(settings.authRequired() ? UNKNOWN : new Admitted(null));
        }
        String function = settings.authFunction().get();
        Call call = new Call(
                UUID.randomUUID().toString(),
                function,
                Call.DEFAULT_NAMESPACE,
                request,
                null,
                true,
                null,
                null,
                null,
                System.currentTimeMillis() + settings.authTimeout().toMillis());
        return invoker.invoke(call).map(outcome -> switch (outcome) {
            case Outcome.Failure failure -> without(function, failure.error().code());
            case Outcome.Success success -> success.value() != null && success.value().isObject()
                    ? answer(success.value())
                    : without(function, "it gave no object");
        });
    }

    /** The reference lets everybody in then; only {@code auth_required} closes the door. */
    private Answer without(String function, String why) {
        LOG.atWarn()
                .addKeyValue("function", function)
                .addKeyValue("cause", why)
                .log(settings.authRequired()
                        ? "The auth function of stream sockets does not answer; a connection is refused"
                        : "The auth function of stream sockets does not answer; a connection is let in without context");
        return settings.authRequired() ? UNKNOWN : new Admitted(null);
    }

    private Answer answer(RawJson result) {
        Map<String, RawJson> members = new HashMap<>();
        result.forEachMember(members::put);
        RawJson unauthorized = members.get("unauthorized");
        RawJson status = members.get("status");
        boolean refused = unauthorized != null && unauthorized.toString().equals("true");
        if (refused || settings.authRequired() && status != null && statusOf(status) != 0) {
            int code = status == null || statusOf(status) == 0 ? 401 : statusOf(status);
            RawJson message = members.get("message");
            String text = message == null ? null : message.text();
            return new Refused(code, text == null ? "Unauthorized" : text);
        }
        return new Admitted(members.get("context"));
    }

    /** 0 when it is none from 400 to 499. */
    private static int statusOf(RawJson status) {
        String text = status.toString();
        return text.matches("4\\d\\d") ? Integer.parseInt(text) : 0;
    }
}
