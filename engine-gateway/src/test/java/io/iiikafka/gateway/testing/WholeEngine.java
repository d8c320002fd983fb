package io.iiikafka.gateway.testing;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.iiikafka.gateway.Engine;
import io.iiikafka.gateway.config.EngineConfig;
import io.iiikafka.sdk.Iii;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.WorkerOptions;

/** All of the product but its broker, in this process. */
public final class WholeEngine implements AutoCloseable {

    private final Engine engine;

    private WholeEngine(Engine engine) {
        this.engine = engine;
    }

    /** @param settings where Kafka is, {@code kafka.bootstrap.servers}, and what is not as usual */
    public static WholeEngine start(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "roles", "gateway,router,keeper",
                "topics.partitions", "2",
                "topics.slots", "2",
                "data_directory", TestBroker.freshDirectory().toString(),
                "listener.port", "0",
                "http.port", "0",
                "stream.port", "0",
                "admin.port", "0"));
        all.putAll(settings);
        return new WholeEngine(Engine.start(EngineConfig.of(all)));
    }

    /** A worker that is connected. */
    public Worker connect(String name) throws Exception {
        Worker worker = Iii.connect(
                URI.create("ws://127.0.0.1:" + engine.endpoints().workers().getFirst()),
                WorkerOptions.builder().name(name).keepAlive(false).build());
        worker.awaitConnected(Duration.ofSeconds(10));
        return worker;
    }

    @Override
    public void close() {
        engine.close();
    }
}
