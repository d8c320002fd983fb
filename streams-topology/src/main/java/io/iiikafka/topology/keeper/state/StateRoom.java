package io.iiikafka.topology.keeper.state;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.Desk;
import io.iiikafka.topology.keeper.Room;
import org.apache.kafka.streams.state.StoreBuilder;

/** {@code state::*}: the table of its functions, its stores, and the way from one to the other. */
public final class StateRoom implements Room {

    private final Map<String, StateFunction> functions;

    public StateRoom(StateSettings settings) {
        this.functions = table(settings).stream().collect(Collectors.toMap(StateFunction::id, Function.identity()));
    }

    private static List<StateFunction> table(StateSettings settings) {
        Partitioning partitioning = Partitioning.of(settings.shardedScopes());
        ValueLimit limit = new ValueLimit(settings.maxValueBytes());
        return List.of(
                new StateSet(partitioning, limit), //
                new StateGet(partitioning),
                new StateDelete(partitioning));
    }

    @Override
    public List<StateFunction> functions() {
        return List.copyOf(functions.values());
    }

    @Override
    public List<StoreBuilder<?>> stores() {
        return StateStores.builders();
    }

    @Override
    public Desk open(Stores stores, Catalog catalog) {
        return new StateDesk(functions, StateStores.of(stores));
    }
}
