package io.iiikafka.bench.peer;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

import io.iiikafka.bench.load.AsyncCall;
import io.iiikafka.bench.load.ClosedLoop;
import io.iiikafka.bench.load.Payload;
import io.iiikafka.bench.process.LoadServer;
import io.nats.client.Connection;
import io.nats.client.Nats;

/** Two connections of NATS' Java client in one JVM: one serves, the other calls. Argument: the server's address. */
public final class NatsJavaMain {

    private static final String SUBJECT = "bench.java_echo";

    private NatsJavaMain() {}

    public static void main(String[] arguments) throws Exception {
        Connection callee = Nats.connect(arguments[0]);
        Connection caller = Nats.connect(arguments[0]);
        callee.createDispatcher(message -> callee.publish(message.getReplyTo(), message.getData()))
                .subscribe(SUBJECT);
        callee.flush(Duration.ofSeconds(5));
        byte[] payload = Payload.bytes();
        AsyncCall call = new AsyncCall() {
            @Override
            public CompletableFuture<?> ask() {
                return caller.request(SUBJECT, payload);
            }

            @Override
            public void askAndWait(Duration patience) throws InterruptedException, TimeoutException {
                if (caller.request(SUBJECT, payload, patience) == null) {
                    throw new TimeoutException("no answer");
                }
            }
        };
        LoadServer.serve(Map.of("call", load -> ClosedLoop.run(call, load)));
        System.exit(0);
    }
}
