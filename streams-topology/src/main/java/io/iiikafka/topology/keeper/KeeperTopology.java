package io.iiikafka.topology.keeper;

import java.util.List;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogStore;
import io.iiikafka.topology.keeper.job.JobWatch;
import io.iiikafka.topology.keeper.job.Jobs;
import io.iiikafka.topology.record.ToSlot;
import io.iiikafka.topology.topics.Topics;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * {@code commands → run → results | deliveries | invocations | stream-events | events}, with the rooms' stores, and the
 * catalog as a global store.
 */
final class KeeperTopology {

    private static final String RUN = "run";

    private KeeperTopology() {}

    static Topology build(Topics topics, Catalog catalog, List<Room> rooms) {
        return build(topics, catalog, rooms, FiringSpans.NONE, JobWatch.NONE, new FiringLimit(Integer.MAX_VALUE));
    }

    static Topology build(
            Topics topics,
            Catalog catalog,
            List<Room> rooms,
            FiringSpans spans,
            JobWatch watch,
            FiringLimit limit) {
        List<OpenRoom> open = rooms.stream().map(room -> new OpenRoom(room, room.open(catalog))).toList();
        Topology topology = CatalogStore.addTo(new Topology(), topics.catalog(), catalog)
                .addSource("commands", new ByteArrayDeserializer(), new ByteArrayDeserializer(), topics.commands())
                .addProcessor(RUN, () -> new CommandRunner(open, spans, watch, limit), "commands")
                .addSink(
                        Output.RESULTS,
                        topics.results(),
                        new ByteArraySerializer(),
                        ToSlot.SERIALIZER,
                        ToSlot.PARTITIONER,
                        RUN)
                .addSink(
                        Output.INVOCATIONS,
                        topics.invocations(),
                        new ByteArraySerializer(),
                        new ByteArraySerializer(),
                        RUN)
                .addSink(
                        Output.DELIVERIES,
                        topics.deliveries(),
                        new ByteArraySerializer(),
                        ToSlot.SERIALIZER,
                        ToSlot.PARTITIONER,
                        RUN)
                .addSink(
                        Output.STREAM_EVENTS,
                        topics.streamEvents(),
                        new ByteArraySerializer(),
                        new ByteArraySerializer(),
                        RUN)
                .addSink(
                        Output.COMMANDS,
                        topics.commands(),
                        new ByteArraySerializer(),
                        new ByteArraySerializer(),
                        RUN)
                .addSink(
                        Output.EVENTS,
                        topics.events(),
                        new ByteArraySerializer(),
                        new ByteArraySerializer(),
                        RUN);
        for (Room room : rooms) {
            for (StoreBuilder<?> store : room.stores()) {
                topology.addStateStore(store, RUN);
            }
        }
        Jobs.builders().forEach(store -> topology.addStateStore(store, RUN));
        return topology;
    }
}
