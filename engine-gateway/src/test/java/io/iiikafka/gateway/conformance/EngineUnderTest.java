package io.iiikafka.gateway.conformance;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import io.iiikafka.gateway.Engine;
import io.iiikafka.gateway.config.EngineConfig;

/** A whole engine in this process, as {@code ./iii} starts it, on ports of its own that a restart keeps. */
final class EngineUnderTest implements AutoCloseable {

    private final EngineConfig config;
    private final int workerPort;
    private final int httpPort;
    private final int streamPort;
    private Engine engine;

    private EngineUnderTest(EngineConfig config, int workerPort, int httpPort, int streamPort) {
        this.config = config;
        this.workerPort = workerPort;
        this.httpPort = httpPort;
        this.streamPort = streamPort;
        this.engine = Engine.start(config);
    }

    static EngineUnderTest start() throws IOException {
        int workerPort = freePort();
        int httpPort = freePort();
        int streamPort = freePort();
        EngineConfig config = EngineConfig.of(Map.of(
                "data_directory", Files.createTempDirectory("engine-").toString(),
                "broker.port", "0",
                "admin.port", "0",
                "listener.port", String.valueOf(workerPort),
                "http.port", String.valueOf(httpPort),
                "stream.port", String.valueOf(streamPort)));
        return new EngineUnderTest(config, workerPort, httpPort, streamPort);
    }

    /**
     * Below the range that systems take ports for outgoing connections from: a client that tries again and again to
     * reach a closed port of that range on its own machine may end up connected to itself, and the engine finds the
     * port taken.
     */
    private static int freePort() throws IOException {
        while (true) {
            try (ServerSocket socket = new ServerSocket(ThreadLocalRandom.current().nextInt(20_000, 30_000))) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // taken: another one
            }
        }
    }

    int workerPort() {
        return workerPort;
    }

    int httpPort() {
        return httpPort;
    }

    int streamPort() {
        return streamPort;
    }

    /** Stops and starts again on the same ports and data. */
    void restart() {
        engine.close();
        engine = Engine.start(config);
    }

    @Override
    public void close() {
        engine.close();
    }
}
