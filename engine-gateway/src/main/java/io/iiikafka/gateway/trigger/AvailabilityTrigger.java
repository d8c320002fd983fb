package io.iiikafka.gateway.trigger;

import java.util.Comparator;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import io.iiikafka.gateway.invocation.Invoker;
import io.iiikafka.gateway.socket.Connections;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/**
 * A trigger type that reports changes of the catalog itself (spec: protocol.md section 7). All gateways see the change;
 * each binding is fired by one of them: the one that holds its owner, or for durable bindings the one with the lowest id.
 */
abstract class AvailabilityTrigger implements BuiltinTriggerType {

    private static final long DEADLINE_MS = 60_000;

    private final String gateway;
    private final Catalog catalog;
    private final Connections connections;
    private final Invoker invoker;
    private final Map<String, Binding> bindings = new ConcurrentHashMap<>();

    AvailabilityTrigger(String gateway, Catalog catalog, Connections connections, Invoker invoker) {
        this.gateway = gateway;
        this.catalog = catalog;
        this.connections = connections;
        this.invoker = invoker;
    }

    @Override
    public String ownerName() {
        return "iii-engine-functions";
    }

    @Override
    public @Nullable RawJson configurationSchema() {
        return RawJson.of("{\"type\":\"object\"}");
    }

    @Override
    public @Nullable RawJson responseSchema() {
        return null;
    }

    @Override
    public @Nullable ErrorBody bind(Binding binding) {
        bindings.put(binding.key(), binding);
        return null;
    }

    @Override
    public void unbind(Binding binding) {
        bindings.remove(binding.key());
    }

    final boolean anyBindings() {
        return !bindings.isEmpty();
    }

    final void fire(RawJson payload) {
        for (Binding binding : bindings.values()) {
            if (isMine(binding)) {
                invoker.fire(new Call(
                        UUID.randomUUID().toString(),
                        binding.functionId(),
                        binding.namespace(),
                        payload,
                        binding.metadata(),
                        false,
                        null,
                        null,
                        null,
                        System.currentTimeMillis() + DEADLINE_MS));
            }
        }
    }

    private boolean isMine(Binding binding) {
        if (binding.ownerConnectionId() != null) {
            return connections.get(binding.ownerConnectionId()) != null;
        }
        return catalog.gateways().stream()
                .map(CatalogEntry.Gateway::id)
                .min(Comparator.naturalOrder())
                .filter(gateway::equals)
                .isPresent();
    }
}
