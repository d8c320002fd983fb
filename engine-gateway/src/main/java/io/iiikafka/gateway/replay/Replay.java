package io.iiikafka.gateway.replay;

import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.topology.keeper.stream.StreamRoom;
import io.vertx.core.Vertx;

/** What a gateway does for those who read the logs of streams. */
public final class Replay {

    private Replay() {}

    /** Adds it to the gateway's functions; before the gateway starts. */
    public static void serve(Vertx vertx, EngineInvoker invoker, StreamRoom room) {
        StreamKeeper keeper = new StreamKeeper(vertx, invoker);
        invoker.detour(StreamRoom.READ, new LogReading(keeper, room));
        invoker.detour(StreamRoom.CONSUMER_DELETE, new UnusedDeletion(keeper, room));
        invoker.serve(new StreamConsume(keeper, invoker.keeperPartitions(), room));
        for (StreamSettle.Action action : StreamSettle.Action.values()) {
            invoker.serve(new StreamSettle(keeper, room, action));
        }
    }
}
