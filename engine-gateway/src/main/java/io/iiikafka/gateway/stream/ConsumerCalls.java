package io.iiikafka.gateway.stream;

import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;

/** What a socket that consumes says to its consumer group, by the functions that everybody has. Handlers are told on any thread. */
final class ConsumerCalls {

    private static final long WAIT_MS = 20_000;
    private static final long PATIENCE_MS = 40_000;

    private final EngineInvoker invoker;
    private final Subscription subscription;
    private final ConsumerOptions options;
    private final String member;

    ConsumerCalls(EngineInvoker invoker, Subscription subscription, ConsumerOptions options, String member) {
        this.invoker = invoker;
        this.subscription = subscription;
        this.options = options;
        this.member = member;
    }

    void consume(int most, Consumer<Outcome> handler) {
        JsonBuilder request = request()
                .member("group_id", subscription.view().group().group())
                .member("member", member)
                .member("max_events", most)
                .member("wait_ms", WAIT_MS)
                .member("lease_ms", options.leaseMs());
        if (options.start() != null) {
            request.member("start", options.start());
        }
        if (options.ordering() != null) {
            request.member("ordering", options.ordering());
        }
        if (options.maxAttempts() != null) {
            request.member("max_attempts", options.maxAttempts());
        }
        if (subscription.item() != null) {
            request.member("item_id", subscription.item());
        }
        if (!options.types().isEmpty()) {
            request.member("types", list(options.types()));
        }
        call("stream::consume", request, handler);
    }

    void commit(List<String> deliveries, Consumer<Outcome> handler) {
        call("stream::commit", request().member("delivery_ids", list(deliveries)), handler);
    }

    void giveBack(List<String> deliveries, long delayMs, Consumer<Outcome> handler) {
        call("stream::nack", request().member("delivery_ids", list(deliveries)).member("delay_ms", delayMs), handler);
    }

    /** The client leaves them behind; it may have begun only the first of those that come in turn. */
    void leave(List<String> deliveries) {
        call("stream::nack", request().member("delivery_ids", list(deliveries)).member("left", true), done -> {});
    }

    /** They reached nobody: the attempt does not count. */
    void returnUnsent(List<String> deliveries) {
        call("stream::nack", request().member("delivery_ids", list(deliveries)).member("undelivered", true), done -> {});
    }

    void extend(List<String> deliveries, Consumer<Outcome> handler) {
        call("stream::extend", request().member("delivery_ids", list(deliveries)).member("lease_ms", options.leaseMs()), handler);
    }

    private static RawJson list(Iterable<String> texts) {
        JsonBuilder list = JsonBuilder.array();
        texts.forEach(list::element);
        return list.build();
    }

    private JsonBuilder request() {
        return JsonBuilder.object()
                .member("stream_name", subscription.view().group().stream())
                .member("consumer_group", options.group());
    }

    private void call(String function, JsonBuilder request, Consumer<Outcome> handler) {
        invoker.invoke(
                new Call(
                        UUID.randomUUID().toString(),
                        function,
                        Call.DEFAULT_NAMESPACE,
                        request.build(),
                        null,
                        true,
                        null,
                        null,
                        null,
                        System.currentTimeMillis() + PATIENCE_MS),
                handler::accept);
    }
}
