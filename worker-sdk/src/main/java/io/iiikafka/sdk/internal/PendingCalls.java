package io.iiikafka.sdk.internal;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.Frame;

/** This worker's calls that wait for their answer. */
final class PendingCalls {

    private final ConcurrentHashMap<String, CompletableFuture<Frame.InvocationResult>> waiting =
            new ConcurrentHashMap<>();

    /** Ids are UUIDs of a random half for this worker and a counted half: a secure random one each would cost more. */
    private final long idHalf = UUID.randomUUID().getMostSignificantBits();

    private final AtomicLong counter = new AtomicLong(ThreadLocalRandom.current().nextLong());

    String newId() {
        long variant = counter.getAndIncrement() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new UUID(idHalf, variant).toString();
    }

    CompletableFuture<Frame.InvocationResult> add(String invocationId) {
        CompletableFuture<Frame.InvocationResult> reply = new CompletableFuture<>();
        waiting.put(invocationId, reply);
        return reply;
    }

    boolean isWaiting(String invocationId) {
        return waiting.containsKey(invocationId);
    }

    void forget(String invocationId) {
        waiting.remove(invocationId);
    }

    /** Answers of calls that nobody waits for any more are dropped. */
    void complete(Frame.InvocationResult result) {
        CompletableFuture<Frame.InvocationResult> reply = waiting.remove(result.invocationId());
        if (reply != null) {
            reply.complete(result);
        }
    }

    void fail(String invocationId, String functionId, ErrorBody error) {
        complete(new Frame.InvocationResult(invocationId, functionId, null, error, null, null));
    }

    void failAll(ErrorBody error) {
        waiting.keySet().forEach(invocationId -> fail(invocationId, "", error));
    }
}
