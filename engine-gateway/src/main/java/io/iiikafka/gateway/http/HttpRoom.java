package io.iiikafka.gateway.http;

import io.iiikafka.gateway.channel.ChannelRegistry;
import io.iiikafka.gateway.config.HttpConfig;
import io.iiikafka.gateway.http.route.RouteTable;
import io.iiikafka.gateway.invocation.Invoker;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * REST on one gateway.
 *
 * <p>Life: built; its {@link #triggerType} served by the gateway, so that routes are known when the gateway is ready;
 * {@link #listen}; any number of {@link #reconfigure}; {@link #close}.
 */
public final class HttpRoom {

    private static final Logger LOG = LoggerFactory.getLogger(HttpRoom.class);

    private final RouteTable routes = new RouteTable();
    private final HttpServices services;
    private final HttpTriggerType triggerType = new HttpTriggerType(routes);
    private final int eventLoops;
    private volatile HttpRules rules;
    private volatile HttpListener listener;
    private volatile int port = -1;

    /** @param eventLoops over how many event loops connections are spread */
    public HttpRoom(
            Vertx vertx,
            HttpConfig config,
            HttpLimits limits,
            Invoker invoker,
            ChannelRegistry channels,
            MeterRegistry meters,
            OpenTelemetry openTelemetry,
            int eventLoops) {
        this.services = new HttpServices(
                vertx,
                invoker,
                channels,
                routes,
                new RequestSlots(config.concurrencyRequestLimit()),
                new RequestTracing(openTelemetry),
                new RequestMetrics(meters),
                new ReplySender(),
                limits);
        this.eventLoops = eventLoops;
        this.rules = HttpRules.of(config);
        this.listener = new HttpListener(services, () -> rules);
    }

    public HttpTriggerType triggerType() {
        return triggerType;
    }

    /** Begins to serve; gives the port. */
    public Future<Integer> listen() {
        HttpConfig config = rules.config();
        return listener.listen(config.host(), config.port(), eventLoops).onSuccess(bound -> port = bound);
    }

    /** Where it listens; -1 before it does. */
    public int port() {
        return port;
    }

    /**
     * Applies other settings: to the next request, and at another address if they name one. That is bound first; if it
     * cannot be, nothing changes and the future fails. Requests at work finish as they began (spec: http.md 18).
     */
    public Future<Void> reconfigure(HttpConfig config) {
        HttpConfig before = rules.config();
        if (config.host().equals(before.host()) && config.port() == before.port()) {
            apply(config);
            return Future.succeededFuture();
        }
        HttpListener next = new HttpListener(services, () -> rules);
        return next.listen(config.host(), config.port(), eventLoops)
                .onFailure(failure -> {
                    LOG.error("The HTTP settings stay as they were: {}", failure.getMessage());
                    next.close(services.limits().drain());
                })
                .map(bound -> {
                    HttpListener last = listener;
                    listener = next;
                    port = bound;
                    apply(config);
                    LOG.info("HTTP moved to {}:{}", config.host(), bound);
                    last.close(services.limits().drain());
                    return null;
                });
    }

    private void apply(HttpConfig config) {
        rules = HttpRules.of(config);
        services.slots().limit(config.concurrencyRequestLimit());
    }

    /** Takes no more requests; those at work get a bounded time to finish. */
    public Future<Void> close() {
        return listener.close(services.limits().drain());
    }
}
