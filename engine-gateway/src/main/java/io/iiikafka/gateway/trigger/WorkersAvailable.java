package io.iiikafka.gateway.trigger;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iiikafka.gateway.invocation.Invoker;
import io.iiikafka.gateway.socket.Connections;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import org.jspecify.annotations.Nullable;

/**
 * {@code engine::workers-available} (spec: protocol.md 7.2): {@code {"event":"worker_connected","worker_id":"…"}}, and
 * beyond the spec {@code name}, {@code namespace} and {@code runtime} as far as they are known.
 */
public final class WorkersAvailable extends AvailabilityTrigger implements CatalogListener {

    public WorkersAvailable(String gateway, Catalog catalog, Connections connections, Invoker invoker) {
        super(gateway, catalog, connections, invoker);
    }

    @Override
    public String id() {
        return "engine::workers-available";
    }

    @Override
    public String description() {
        return "Fires when a worker connects, announces itself or disconnects";
    }

    @Override
    public @Nullable RawJson requestSchema() {
        return RawJson.of("{\"type\":\"object\",\"properties\":{\"event\":{\"type\":\"string\"},"
                + "\"worker_id\":{\"type\":\"string\"}},\"required\":[\"event\",\"worker_id\"]}");
    }

    @Override
    public void changed(CatalogChange change) {
        if (!anyBindings()) {
            return;
        }
        if (change.after() instanceof CatalogEntry.Worker worker) {
            if (change.before() == null) {
                fire("worker_connected", worker);
            } else if (worker.announced()) {
                fire("worker_metadata_updated", worker);
            }
        } else if (change.after() == null && change.before() instanceof CatalogEntry.Worker worker) {
            fire("worker_disconnected", worker);
        }
    }

    private void fire(String event, CatalogEntry.Worker worker) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("event", event);
        payload.put("worker_id", worker.id());
        putIfKnown(payload, "name", worker.name());
        putIfKnown(payload, "namespace", worker.namespace());
        putIfKnown(payload, "runtime", worker.runtime());
        fire(RawJson.ofValue(payload));
    }

    private static void putIfKnown(ObjectNode payload, String field, @Nullable String value) {
        if (value != null) {
            payload.put(field, value);
        }
    }
}
