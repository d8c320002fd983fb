package io.iiikafka.gateway.pubsub;

import java.util.Set;

import io.iiikafka.gateway.Gateway;
import io.iiikafka.gateway.invocation.OwnWords;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.keeper.pubsub.PubsubRoom;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What a gateway has to do with pub/sub. */
public final class PubsubParts {

    private static final Set<String> TYPES = Set.of("subscribe", "pubsub");

    private PubsubParts() {}

    /** Before the gateway is started. */
    public static void serve(Gateway gateway, PubsubRoom room, MeterRegistry meters) {
        gateway.serve(room);
        gateway.serve(SubscribeTriggerType.create());
        // A publisher is told in pub/sub's own words when Kafka does not take the event (spec: pubsub.md 2).
        for (KeeperFunction function : room.functions()) {
            if (function.id().equals("publish") || function.id().equals("publish_batch")) {
                new OwnWords(
                                gateway.invoker(),
                                function,
                                Set.of(ErrorCode.ENGINE_UNAVAILABLE, ErrorCode.INVOCATION_STOPPED),
                                ErrorCode.PUBLISH_FAILED,
                                "")
                        .use();
            }
        }
        Gauge.builder("iii.pubsub.subscriptions", gateway.catalog(), PubsubParts::subscriptions)
                .description("Live subscriptions of the cluster; the same at every gateway")
                .register(meters);
    }

    private static double subscriptions(Catalog catalog) {
        return catalog.live(CatalogEntry.Trigger.class)
                .filter(trigger -> TYPES.contains(trigger.entry().type()))
                .count();
    }
}
