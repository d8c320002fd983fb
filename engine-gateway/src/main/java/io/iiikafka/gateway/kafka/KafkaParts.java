package io.iiikafka.gateway.kafka;

import java.util.Map;

import io.iiikafka.gateway.Gateway;
import io.iiikafka.topology.keeper.queue.QueueRoom;
import io.iiikafka.topology.topics.Topics;
import io.vertx.core.Vertx;

/** All that a gateway has to do with topics of others. Closed before the gateway is. */
public final class KafkaParts implements AutoCloseable {

    static final String WORKER_NAME = "iii-kafka";

    private final TopicReaders readers;
    private final Produce produce;

    private KafkaParts(TopicReaders readers, Produce produce) {
        this.readers = readers;
        this.produce = produce;
    }

    /**
     * Adds them, before the gateway is started.
     *
     * @param formats deserializers on the class path, by the names of their formats
     */
    public static KafkaParts serve(
            Vertx vertx,
            Gateway gateway,
            QueueRoom queues,
            Topics topics,
            Map<String, Object> clientProperties,
            Map<String, ConfiguredDeserializer> formats) {
        Formats all = new Formats(formats);
        TopicReaders readers = new TopicReaders(
                vertx,
                gateway.invoker(),
                queues.failed(),
                gateway.catalog(),
                gateway.catalogWriter(),
                clientProperties,
                all);
        Produce produce = new Produce(topics, clientProperties);
        gateway.serve(new KafkaTriggerType(topics, all, readers));
        gateway.invoker().serve(produce);
        return new KafkaParts(readers, produce);
    }

    @Override
    public void close() {
        readers.close();
        produce.close();
    }
}
