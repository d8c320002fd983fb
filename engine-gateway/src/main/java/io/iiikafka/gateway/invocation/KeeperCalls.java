package io.iiikafka.gateway.invocation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/**
 * The way of calls of the keeper's functions: to the partition of {@code commands} that owns what they touch, or to all
 * partitions, with one answer made of theirs.
 */
final class KeeperCalls {

    private final Map<String, KeeperFunction> functions = new ConcurrentHashMap<>();
    private final Map<String, Detour> detours = new ConcurrentHashMap<>();
    private final CallPath path;
    private final String topic;
    private final int partitions;

    KeeperCalls(CallPath path, String topic, int partitions) {
        this.path = path;
        this.topic = topic;
        this.partitions = partitions;
    }

    void serve(KeeperFunction function) {
        functions.put(function.id(), function);
    }

    void detour(String functionId, Detour detour) {
        detours.put(functionId, detour);
    }

    /** The keeper's function of that name, if there is one. */
    @Nullable KeeperFunction find(String namespace, String functionId) {
        return namespace.equals(Call.DEFAULT_NAMESPACE) ? functions.get(functionId) : null;
    }

    Collection<KeeperFunction> all() {
        return functions.values();
    }

    /** The call by a worker or the like, which may be sent elsewhere. */
    void call(KeeperFunction function, Call call, OutcomeHandler handler) {
        Detour detour = detours.get(function.id());
        if (detour == null || !detour.takes(call, handler)) {
            send(function, call, handler);
        }
    }

    /** The call itself, which goes to the keeper. */
    void send(KeeperFunction function, Call call, OutcomeHandler handler) {
        switch (function.placement(call)) {
            case Placement.Owner owner -> path.send(call, target(owner), handler);
            case Placement.Partition one -> path.send(call, target(one), handler);
            case Placement.Listing listing -> list(call, listing, handler);
            case Placement.Everywhere everywhere -> {
                Call part = part(call, everywhere);
                Gathering gathering = new Gathering(partitions, everywhere.merge(), handler);
                for (int partition = 0; partition < partitions; partition++) {
                    path.send(part, new CallPath.Target(topic, partition, null), gathering.part(partition));
                }
            }
        }
    }

    /** To the partition that owns the key. */
    void send(Call call, Placement.Owner owner, OutcomeHandler handler) {
        path.send(call, target(owner), handler);
    }

    /**
     * Nobody waits for the parts, either.
     *
     * @param lost as {@link CallPath#fire}, for each part
     */
    void fire(KeeperFunction function, Call call, OutcomeHandler lost) {
        Detour detour = detours.get(function.id());
        if (detour != null && detour.takes(call, nobody -> {})) {
            return;
        }
        switch (function.placement(call)) {
            case Placement.Owner owner -> path.fire(call, target(owner), lost);
            case Placement.Partition one -> path.fire(call, target(one), lost);
            case Placement.Everywhere everywhere -> {
                for (int partition = 0; partition < partitions; partition++) {
                    path.fire(part(call, everywhere), new CallPath.Target(topic, partition, null), lost);
                }
            }
            case Placement.Listing listing -> {} // it only reads
        }
    }

    /**
     * Leaves the call, whose function is placed on one partition, to the keeper.
     *
     * @param taken as {@link CallPath#handOver}
     */
    void handOver(KeeperFunction function, Call call, OutcomeHandler taken) {
        switch (function.placement(call)) {
            case Placement.Owner owner -> path.handOver(call, target(owner), taken);
            case Placement.Partition one -> path.handOver(call, target(one), taken);
            case Placement.Everywhere all -> throw new IllegalArgumentException(function.id());
            case Placement.Listing listing -> throw new IllegalArgumentException(function.id());
        }
    }

    private void list(Call call, Placement.Listing listing, OutcomeHandler handler) {
        List<CallPath.Target> targets = listing.owner() == null
                ? IntStream.range(0, partitions).mapToObj(each -> new CallPath.Target(topic, each, null)).toList()
                : List.of(target(new Placement.Owner(listing.owner())));
        new PagedList(path, call, listing, targets.size(), handler).begin(targets);
    }

    private CallPath.Target target(Placement.Owner owner) {
        return new CallPath.Target(topic, null, owner.key().getBytes(UTF_8));
    }

    private CallPath.Target target(Placement.Partition one) {
        return new CallPath.Target(topic, one.number(), null);
    }

    /** Over how many partitions the keeper's data is spread. */
    int partitions() {
        return partitions;
    }

    private static Call part(Call call, Placement.Everywhere everywhere) {
        return part(call, everywhere.partFunction(), call.data());
    }

    /** Another call in its place. */
    static Call part(Call call, String function, @Nullable RawJson data) {
        return new Call(
                call.invocationId(),
                function,
                call.namespace(),
                data,
                call.metadata(),
                call.reply(),
                call.callerWorkerId(),
                call.traceparent(),
                call.baggage(),
                call.deadlineMs());
    }
}
