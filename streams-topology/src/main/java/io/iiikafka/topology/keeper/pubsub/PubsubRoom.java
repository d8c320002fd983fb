package io.iiikafka.topology.keeper.pubsub;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.keeper.Room;
import org.apache.kafka.streams.state.StoreBuilder;

/** Pub/sub: {@code publish}, and the triggers of type {@code subscribe}. */
public final class PubsubRoom implements Room {

    private final PubsubSettings settings;
    private final PubsubWatch watch;
    private final List<PubsubFunction> functions;

    public PubsubRoom(PubsubSettings settings, PubsubWatch watch) {
        this.settings = settings;
        this.watch = watch;
        this.functions = List.of(
                new Publish(settings), new PublishBatch(settings), new Peek(settings), ListTopics.function());
    }

    @Override
    public List<? extends KeeperFunction> functions() {
        return functions;
    }

    @Override
    public List<String> parts() {
        return List.of(ListTopics.PART);
    }

    @Override
    public List<StoreBuilder<?>> stores() {
        return PubsubStores.builders();
    }

    @Override
    public Desks open(Catalog catalog) {
        Subscribers subscribers = new Subscribers(catalog);
        Map<String, PubsubFunction> all = Stream.concat(functions.stream(), Stream.of(ListTopics.part()))
                .collect(Collectors.toMap(PubsubFunction::id, Function.identity()));
        return stores -> new PubsubDesk(all, PubsubStores.of(stores), subscribers, settings, watch);
    }
}
