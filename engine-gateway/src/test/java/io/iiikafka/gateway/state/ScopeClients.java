package io.iiikafka.gateway.state;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.history.Operation;
import io.iiikafka.gateway.testing.RawWorker;

/** Clients that each call one state function after the other, chosen at random, on the same ten keys. */
final class ScopeClients {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /**
     * @param id of the invocation
     */
    record Seen(String id, Operation<ScopeCall, String> operation) {}

    private final List<RawWorker> clients;

    ScopeClients(List<RawWorker> clients) {
        this.clients = clients;
    }

    /** All clients at once; gives what they saw. */
    List<Seen> run(String scope, int callsEach, long seed) throws Exception {
        List<Future<List<Seen>>> histories = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(clients.size())) {
            for (int i = 0; i < clients.size(); i++) {
                RawWorker client = clients.get(i);
                ScopeCalls calls = new ScopeCalls(i, new Random(seed * 1_000 + i));
                histories.add(threads.submit(() -> run(client, scope, callsEach, calls)));
            }
            List<Seen> all = new ArrayList<>();
            for (Future<List<Seen>> history : histories) {
                all.addAll(history.get());
            }
            return all;
        }
    }

    private static List<Seen> run(
            RawWorker client, String scope, int calls, ScopeCalls next) {
        List<Seen> history = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            ScopeCall call = next.next();
            long invoked = System.nanoTime();
            String id = client.start(call.function(), call.payload(scope));
            Optional<JsonNode> frame = client.pollResult(id, PATIENCE);
            long returned = System.nanoTime();
            if (frame.isPresent() && frame.get().has("error") && !call.canFail()) {
                throw new AssertionError(call + ": " + frame.get());
            }
            String answer = frame.map(call::observed).orElse(null);
            if (answer != null) {
                next.heard(call, answer);
            }
            history.add(new Seen(id, new Operation<>(call, answer, invoked, returned)));
        }
        return history;
    }
}
