package io.iiikafka.gateway.engine;

import java.util.List;

import io.iiikafka.gateway.catalog.CatalogWriter;
import io.iiikafka.gateway.invocation.EngineFunction;
import io.iiikafka.gateway.socket.Connections;
import io.iiikafka.gateway.socket.TriggerCompanions;
import io.iiikafka.gateway.trigger.Triggers;
import io.iiikafka.topology.catalog.Catalog;
import io.vertx.core.Vertx;
import org.slf4j.event.Level;

/** The table of the engine's own functions. */
public final class EngineFunctions {

    private EngineFunctions() {}

    public static List<EngineFunction> all(
            Vertx vertx,
            Catalog catalog,
            CatalogWriter writer,
            TriggerCompanions companions,
            Connections connections,
            Triggers triggers,
            FunctionDirectory functions,
            BuiltinWorkers builtins,
            int largestRegistration) {
        WorkerDirectory workers = new WorkerDirectory(catalog, connections, builtins);
        LegacyCallers legacy = new LegacyCallers(catalog);
        Rows rows = new Rows(functions, triggers);
        return List.of(
                new FunctionsList(functions, legacy),
                new FunctionsInfo(functions, rows),
                new WorkersList(workers),
                new WorkersInfo(workers, functions, triggers, rows),
                new TriggersList(triggers, legacy),
                new TriggerTypesList(triggers),
                new TriggersInfo(triggers, rows),
                new RegisteredTriggersList(triggers, functions, rows),
                new RegisteredTriggersInfo(triggers, functions, rows),
                new RegisterTrigger(
                        "engine::register_trigger", vertx, catalog, writer, companions, triggers, largestRegistration),
                // What AgentOS calls it.
                new RegisterTrigger(
                        "engine::triggers::register", vertx, catalog, writer, companions, triggers, largestRegistration),
                new UnregisterTrigger(writer, companions, triggers),
                new LogFunction("trace", Level.TRACE),
                new LogFunction("debug", Level.DEBUG),
                new LogFunction("info", Level.INFO),
                new LogFunction("warn", Level.WARN),
                new LogFunction("error", Level.ERROR),
                new BaggageFunctions.Get(),
                new BaggageFunctions.Set(),
                new BaggageFunctions.GetAll());
    }
}
