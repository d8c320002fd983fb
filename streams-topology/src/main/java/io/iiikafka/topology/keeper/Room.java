package io.iiikafka.topology.keeper;

import java.util.List;

import io.iiikafka.topology.catalog.Catalog;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.StoreBuilder;

/** A feature of the keeper: its functions and the stores behind them. */
public interface Room {

    List<? extends KeeperFunction> functions();

    /** Their names are those of {@link io.iiikafka.topology.topics.KeeperStore}, which says which topic each is. */
    List<StoreBuilder<?>> stores();

    /** Goes to work on a partition. */
    Desk open(Stores stores, Catalog catalog);

    /** The stores of one partition, by their names. */
    @FunctionalInterface
    interface Stores {

        <S extends StateStore> S get(String name);
    }
}
