package io.iiikafka.topology.router;

import java.util.function.BooleanSupplier;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogStore;
import io.iiikafka.topology.record.ToSlot;
import io.iiikafka.topology.topics.Topics;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;

/** {@code invocations → route → deliveries | results | commands}, with the catalog as a global store beside it. */
final class RouterTopology {

    private RouterTopology() {}

    /**
     * @param own whether the partitions of the calling stream thread are still its own
     */
    static Topology build(Topics topics, Catalog catalog, AlreadyRouted.Scan scan, BooleanSupplier own, RouteSpans spans) {
        return CatalogStore.addTo(new Topology(), topics.catalog(), catalog)
                .addSource("invocations", new ByteArrayDeserializer(), new ByteArrayDeserializer(), topics.invocations())
                .addProcessor("route", () -> new CallRouter(scan, own, spans), "invocations")
                .addSink(
                        CallRouter.DELIVERIES,
                        topics.deliveries(),
                        new ByteArraySerializer(),
                        ToSlot.SERIALIZER,
                        ToSlot.PARTITIONER,
                        "route")
                .addSink(
                        CallRouter.RESULTS,
                        topics.results(),
                        new ByteArraySerializer(),
                        ToSlot.SERIALIZER,
                        ToSlot.PARTITIONER,
                        "route")
                .addSink(
                        CallRouter.COMMANDS,
                        topics.commands(),
                        new ByteArraySerializer(),
                        ToSlot.SERIALIZER,
                        ToSlot.PARTITIONER,
                        "route");
    }
}
