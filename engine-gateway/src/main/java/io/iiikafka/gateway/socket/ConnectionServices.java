package io.iiikafka.gateway.socket;

import io.iiikafka.gateway.catalog.CatalogWriter;
import io.iiikafka.gateway.invocation.Dispatcher;
import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.gateway.invocation.LocalFunctions;
import io.iiikafka.gateway.invocation.Outcomes;
import io.iiikafka.topology.catalog.Catalog;
import io.vertx.core.Vertx;

/** What every worker connection of a gateway works with. */
public record ConnectionServices(
        Vertx vertx,
        String gateway,
        SocketSettings settings,
        EngineInvoker invoker,
        EnqueueAction enqueuing,
        Dispatcher dispatcher,
        Outcomes outcomes,
        LocalFunctions localFunctions,
        Catalog catalog,
        CatalogWriter catalogWriter,
        TriggerCompanions companions,
        Connections connections) {}
