package io.iiikafka.gateway.trigger;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iiikafka.gateway.invocation.Invoker;
import io.iiikafka.gateway.socket.Connections;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * {@code engine::functions-available} (spec: protocol.md 7.1): {@code {"event":"functions_changed","functions":[…]}} about
 * 100 ms after functions came, went or changed, and beyond the spec a rising {@code revision}, by which consumers drop
 * lists that arrive late.
 */
public final class FunctionsAvailable extends AvailabilityTrigger implements CatalogListener {

    private static final long DEBOUNCE_MS = 100;

    private final Vertx vertx;
    private final Catalog catalog;
    private final Supplier<JsonNode> rows;
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /**
     * @param rows all rows of {@code engine::functions::list}, internal ones included
     */
    public FunctionsAvailable(
            Vertx vertx,
            String gateway,
            Catalog catalog,
            Connections connections,
            Invoker invoker,
            Supplier<JsonNode> rows) {
        super(gateway, catalog, connections, invoker);
        this.vertx = vertx;
        this.catalog = catalog;
        this.rows = rows;
    }

    @Override
    public String id() {
        return "engine::functions-available";
    }

    @Override
    public String description() {
        return "Fires when the set of functions changes";
    }

    @Override
    public @Nullable RawJson requestSchema() {
        return RawJson.of("{\"type\":\"object\",\"properties\":{\"event\":{\"type\":\"string\"},"
                + "\"functions\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}},"
                + "\"required\":[\"event\",\"functions\"]}");
    }

    @Override
    public void changed(CatalogChange change) {
        if (anyBindings() && touchesFunctions(change) && scheduled.compareAndSet(false, true)) {
            vertx.setTimer(DEBOUNCE_MS, timer -> {
                scheduled.set(false);
                ObjectNode payload = JsonNodeFactory.instance.objectNode();
                payload.put("event", "functions_changed");
                payload.set("functions", rows.get());
                payload.put("revision", catalog.position());
                fire(RawJson.ofValue(payload));
            });
        }
    }

    /** Functions also come and go with their worker or its gateway. */
    private static boolean touchesFunctions(CatalogChange change) {
        CatalogEntry entry = change.after() == null ? change.before() : change.after();
        return switch (entry) {
            case CatalogEntry.Function function -> true;
            case CatalogEntry.Worker worker -> change.after() == null;
            case CatalogEntry.Gateway gateway -> change.after() == null;
            case null, default -> false;
        };
    }
}
