package io.iiikafka.bench.floor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A WebSocket before the plain floor, and nothing more: each message is a call, its first characters are the call's id. */
final class SocketBridge {

    static final int ID_LENGTH = 36;

    private static final byte[] FUNCTION = "bench::echo".getBytes(UTF_8);

    private final Map<String, ServerWebSocket> waiting = new ConcurrentHashMap<>();
    private final KafkaProducer<byte[], byte[]> producer;
    private final int slot;

    private SocketBridge(String bootstrapServers, int slot) {
        this.producer = FloorClients.producer(bootstrapServers);
        this.slot = slot;
    }

    /** Returns when it listens on that port. */
    static void start(String bootstrapServers, int port, int slot) throws Exception {
        SocketBridge bridge = new SocketBridge(bootstrapServers, slot);
        Reader.start("bridged", bootstrapServers, List.of(FloorTopics.results(slot)), bridge::answered);
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true))
                .createHttpServer(new HttpServerOptions().setTcpNoDelay(true))
                .webSocketHandler(socket -> socket.textMessageHandler(message -> bridge.ask(socket, message)))
                .listen(port, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }

    private void ask(ServerWebSocket socket, String message) {
        String id = message.substring(0, ID_LENGTH);
        waiting.put(id, socket);
        byte[] payload = message.substring(ID_LENGTH).getBytes(UTF_8);
        producer.send(new ProducerRecord<>(
                FloorTopics.DELIVERIES, FloorTopics.ANSWERER_SLOT, FUNCTION, payload, FloorRecord.headers(id, slot)));
    }

    private void answered(ConsumerRecord<byte[], byte[]> result) {
        String id = FloorRecord.id(result.headers());
        ServerWebSocket socket = waiting.remove(id);
        if (socket != null) {
            socket.writeTextMessage(id + new String(result.value(), UTF_8));
        }
    }
}
