package io.iiikafka.gateway.stream;

import io.iiikafka.gateway.invocation.Invoker;
import io.vertx.core.Vertx;

/** What every stream socket works with. */
record StreamServices(
        Vertx vertx,
        StreamSocketSettings settings,
        Invoker invoker,
        GroupFeeds feeds,
        GroupCalls calls,
        SubscriptionTriggers triggers,
        StreamClients clients,
        StreamMetrics metrics,
        SyncPermits permits,
        FlushRounds flushes) {}
