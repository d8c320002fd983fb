package io.iiikafka.gateway.http;

import io.iiikafka.gateway.channel.ChannelRegistry;
import io.iiikafka.gateway.http.route.RouteTable;
import io.iiikafka.gateway.invocation.Invoker;
import io.vertx.core.Vertx;

/** What all requests share. */
record HttpServices(
        Vertx vertx,
        Invoker invoker,
        ChannelRegistry channels,
        RouteTable routes,
        RequestSlots slots,
        RequestTracing tracing,
        RequestMetrics metrics,
        ReplySender sender,
        HttpLimits limits) {}
