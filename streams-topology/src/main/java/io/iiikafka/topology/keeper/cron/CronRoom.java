package io.iiikafka.topology.keeper.cron;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.Room;
import org.apache.kafka.streams.state.StoreBuilder;

/** Schedules: what triggers of the type {@code cron} call, and {@code engine::cron::*}. */
public final class CronRoom implements Room {

    private static final List<CronFunction> FUNCTIONS = List.of(
            new CronList(),
            new CronNext(),
            new CronRunNow(),
            new CronPause(true),
            new CronPause(false),
            new CronHistory(),
            new CronBackfill());

    private final int partitions;
    private final CronWatch watch;

    /**
     * @param partitions of {@code commands}, over which schedules are spread
     */
    public CronRoom(int partitions, CronWatch watch) {
        this.partitions = partitions;
        this.watch = watch;
    }

    @Override
    public List<CronFunction> functions() {
        return FUNCTIONS;
    }

    @Override
    public List<String> parts() {
        return FUNCTIONS.stream().map(CronFunction::partId).toList();
    }

    @Override
    public List<StoreBuilder<?>> stores() {
        return CronStores.builders();
    }

    @Override
    public Desks open(Catalog catalog) {
        CronTriggers triggers = new CronTriggers(catalog, partitions);
        Map<String, CronFunction> byId = new HashMap<>();
        FUNCTIONS.forEach(function -> {
            byId.put(function.id(), function);
            byId.put(function.partId(), function);
        });
        return stores -> new CronDesk(byId, triggers, CronStores.of(stores), watch);
    }
}
