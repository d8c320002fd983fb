package io.iiikafka.gateway.socket;

import java.util.List;
import java.util.function.Supplier;

import io.iiikafka.topology.catalog.CatalogEntry;
import io.vertx.core.Future;

/**
 * What goes along with triggers in the catalog, beyond their own entries: written by the gateway at which a trigger is
 * registered or unregistered in so many words, not when a connection is lost. Any thread. What is given are the writes,
 * in their order.
 */
public interface TriggerCompanions {

    /** @param write writes the trigger's own entry; run once, when what it needs has been handed over */
    List<Future<Void>> register(CatalogEntry.Trigger trigger, Supplier<Future<Void>> write);

    /** @param remove takes the trigger's own entry out; run once, before what ends with it */
    List<Future<Void>> unregister(String triggerKey, Supplier<Future<Void>> remove);
}
