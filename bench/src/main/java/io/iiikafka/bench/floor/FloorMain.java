package io.iiikafka.bench.floor;

import java.nio.file.Path;
import java.util.Map;

import io.iiikafka.bench.load.ClosedLoop;
import io.iiikafka.bench.process.LoadServer;
import io.iiikafka.gateway.broker.BrokerSettings;
import io.iiikafka.gateway.broker.EmbeddedBroker;

/**
 * The engine's broker, a pass-through Streams application and clients in one JVM: what the engine's process holds,
 * less everything that makes it an engine. Arguments: the data directory, stream threads, the port of the {@linkplain
 * SocketBridge bridge}. Nothing is closed: its end ends them all, and what it leaves is thrown away.
 */
public final class FloorMain {

    private static final int MAX_RECORD_BYTES = 17 * 1024 * 1024;

    private FloorMain() {}

    public static void main(String[] arguments) throws Exception {
        Path data = Path.of(arguments[0]);
        int threads = Integer.parseInt(arguments[1]);
        String broker = EmbeddedBroker.start(new BrokerSettings(data.resolve("kafka"), 0, MAX_RECORD_BYTES))
                .bootstrapServers();
        FloorTopics.create(broker);
        PassThrough.start(broker, data.resolve("streams"), threads);
        KafkaAnswerer.start(broker);
        SocketBridge.start(broker, Integer.parseInt(arguments[2]), 3);
        KafkaCaller hopped = KafkaCaller.start(broker, FloorTopics.INVOCATIONS, 1);
        KafkaCaller direct = KafkaCaller.start(broker, FloorTopics.DELIVERIES, 2);
        LoadServer.serve(Map.of(
                "streams", load -> ClosedLoop.run(hopped, load),
                "plain", load -> ClosedLoop.run(direct, load)));
        System.exit(0);
    }
}
