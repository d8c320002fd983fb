package io.iiikafka.gateway;

import java.util.List;

import io.iiikafka.gateway.config.EngineConfig;
import io.iiikafka.gateway.cron.CronMeters;
import io.iiikafka.gateway.cron.CronParts;
import io.iiikafka.gateway.pubsub.PubsubMeters;
import io.iiikafka.gateway.pubsub.PubsubParts;
import io.iiikafka.gateway.replay.Replay;
import io.iiikafka.gateway.state.StateParts;
import io.iiikafka.gateway.stream.StreamTriggerType;
import io.iiikafka.topology.keeper.Room;
import io.iiikafka.topology.keeper.cron.CronRoom;
import io.iiikafka.topology.keeper.pubsub.PubsubRoom;
import io.iiikafka.topology.keeper.queue.QueueRoom;
import io.iiikafka.topology.keeper.state.StateRoom;
import io.iiikafka.topology.keeper.stream.StreamRoom;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;

/** The features that the keeper runs, and what a gateway has to do with each. */
public record KeeperRooms(StateRoom state, StreamRoom streams, QueueRoom queues, PubsubRoom pubsub, CronRoom cron) {

    static KeeperRooms of(EngineConfig config, MeterRegistry meters) {
        return new KeeperRooms(
                new StateRoom(config.state().toSettings(config.limits())),
                new StreamRoom(config.streams().toSettings(config.limits().maxPayloadBytes())),
                new QueueRoom(),
                new PubsubRoom(config.pubsub().toSettings(config.limits()), new PubsubMeters(meters)),
                new CronRoom(config.topics().partitions(), new CronMeters(meters)));
    }

    /** For the keeper. */
    public List<Room> all() {
        return List.of(state, streams, queues, pubsub, cron);
    }

    /** Adds their functions and trigger types, before the gateway is started. */
    public void serve(Vertx vertx, Gateway gateway, MeterRegistry meters) {
        StateParts.serve(gateway, state);
        gateway.serve(streams);
        gateway.serve(StreamTriggerType.create());
        Replay.serve(vertx, gateway.invoker(), streams);
        gateway.serve(queues);
        PubsubParts.serve(gateway, pubsub, meters);
        CronParts.serve(vertx, gateway, cron);
    }
}
