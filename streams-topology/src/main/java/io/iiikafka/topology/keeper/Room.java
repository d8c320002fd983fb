package io.iiikafka.topology.keeper;

import java.util.List;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.job.Jobs;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.StoreBuilder;

/** A feature of the keeper: its functions and the stores behind them. */
public interface Room {

    List<? extends KeeperFunction> functions();

    /** Whether a function is the room's that is not in its table, because it came while the engine ran. */
    default boolean serves(String functionId) {
        return false;
    }

    /** Ids under which {@linkplain Placement.Everywhere parts} of answers are asked for; nobody else may call them. */
    List<String> parts();

    /** Their names are those of {@link io.iiikafka.topology.topics.KeeperStore}, which says which topic each is. */
    List<StoreBuilder<?>> stores();

    /**
     * Opens the room, once, before the catalog is read; what it gives opens a desk for each partition.
     */
    Desks open(Catalog catalog);

    /** Makes the desk of a partition. Called on the partition's thread. */
    @FunctionalInterface
    interface Desks {

        Desk open(Stores stores);

        /** @param jobs of the partition */
        default Desk open(Stores stores, Jobs jobs) {
            return open(stores);
        }
    }

    /** The stores of one partition, by their names. */
    @FunctionalInterface
    interface Stores {

        <S extends StateStore> S get(String name);
    }
}
