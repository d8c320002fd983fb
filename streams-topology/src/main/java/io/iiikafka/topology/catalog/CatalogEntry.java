package io.iiikafka.topology.catalog;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.queue.QueueSettings;
import org.jspecify.annotations.Nullable;

/**
 * One record of the catalog topic: its {@link #key()} is the record's key, its components the JSON of the value. All
 * but gateways and durable triggers belong to a connection and end with it; times are epoch milliseconds.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public sealed interface CatalogEntry {

    /** The entry's id: what it is, whose it is, what it is called. */
    String key();

    /**
     * A gateway process, renewed as long as it lives; without renewal for {@code leaseMs} it counts as dead.
     *
     * @param id unique per process start
     * @param shortId the first 32 bits of the ids of channels that it holds
     * @param slots the partitions of {@code deliveries} that it reads
     * @param workerAddress {@code host:port} at which other gateways reach its first worker listener
     * @param clusterStartedAtMs since when there has been a gateway at all times: what workers take for the engine's epoch
     * @param draining true when it is about to leave: route around it if possible
     * @param owes deliveries of slots that it handed over, but runs itself and has not answered: offsets by slot, rising.
     *     Whoever takes it out of the catalog answers for them. Null when there are none
     */
    record Gateway(
            String id,
            int shortId,
            List<Integer> slots,
            String workerAddress,
            String version,
            long startedAtMs,
            long clusterStartedAtMs,
            long renewedAtMs,
            long leaseMs,
            boolean draining,
            @Nullable Map<Integer, List<Long>> owes)
            implements CatalogEntry {

        @Override
        public String key() {
            return EntryKey.gateway(id);
        }
    }

    /**
     * A live connection of a worker.
     *
     * @param id the {@code worker_id} of {@code workerregistered}: one per connection, never used again
     * @param gateway the gateway that holds its socket
     * @param namespace null until it is decided (spec: protocol.md 2.2)
     * @param announced whether {@code engine::workers::register} was called
     * @param reattachDigest SHA-256 of the reattach token, hex: any gateway can verify the token, nobody can read it here
     * @param listener the worker listener it came in by
     */
    record Worker(
            String id,
            String gateway,
            @Nullable String namespace,
            boolean announced,
            @Nullable String name,
            @Nullable String description,
            @Nullable String runtime,
            @Nullable String version,
            @Nullable String os,
            @Nullable Long pid,
            @Nullable String isolation,
            @Nullable RawJson telemetry,
            @Nullable String ipAddress,
            long connectedAtMs,
            String reattachDigest,
            String listener)
            implements CatalogEntry {

        @Override
        public String key() {
            return EntryKey.worker(id);
        }
    }

    /** A function as one connection registered it (spec: protocol.md 3.1, 4.1). */
    record Function(
            String connection,
            String namespace,
            String id,
            @Nullable String description,
            @Nullable RawJson requestFormat,
            @Nullable RawJson responseFormat,
            @Nullable RawJson metadata)
            implements CatalogEntry {

        @Override
        public String key() {
            return EntryKey.function(connection, id);
        }
    }

    /**
     * A trigger: a binding of a trigger type to a function (spec: protocol.md 3.4, 4.4).
     *
     * @param connection its owner, or null when it is durable
     * @param namespace where the target is looked up
     * @param triggerNamespace where the provider is looked up, strictly; null: home, then {@code default}
     * @param home the registrant's namespace
     */
    record Trigger(
            @Nullable String connection,
            String id,
            String type,
            String functionId,
            String namespace,
            @Nullable String triggerNamespace,
            String home,
            RawJson config,
            @Nullable RawJson metadata)
            implements CatalogEntry {

        /** A config that is {@code null}, or not there, is read as none at all. */
        @SuppressWarnings("NullAway")
        public Trigger {
            config = Objects.requireNonNullElse(config, RawJson.NULL);
        }

        @Override
        public String key() {
            return EntryKey.trigger(connection, id);
        }
    }

    /** A trigger type that a connection provides (spec: protocol.md 3.3, 4.3). */
    record TriggerType(
            String connection,
            String namespace,
            String id,
            String description,
            @Nullable RawJson triggerRequestFormat,
            @Nullable RawJson callRequestFormat)
            implements CatalogEntry {

        @Override
        public String key() {
            return EntryKey.triggerType(connection, namespace, id);
        }
    }

    /**
     * What the provider of a trigger's type said to it (spec: protocol.md 4.5). With an error the trigger is parked until
     * its type is registered again.
     *
     * @param trigger the {@linkplain Trigger#key() key} of the trigger
     * @param provider the connection that answered
     * @param triggerOffset which registration of the trigger was answered
     */
    record TriggerAnswer(String trigger, String provider, long triggerOffset, @Nullable ErrorBody error)
            implements CatalogEntry {

        @Override
        public String key() {
            return EntryKey.triggerAnswer(trigger);
        }
    }

    /**
     * The scopes of state that only one kind of worker may use (spec: state.md 7.5); stays for good.
     *
     * @param prefix the name of the workers, and the beginning of the ids of the functions by which they use them
     * @param scopes all of them
     */
    record PrivateScopes(String prefix, List<String> scopes) implements CatalogEntry {

        @Override
        public String key() {
            return EntryKey.privateScopes(prefix);
        }
    }

    /**
     * A named queue (spec: queue.md 4.9, 8.1); outlives every connection.
     *
     * @param configured whether it stands in the configuration file; else it was defined by {@code queue::define}
     */
    record Queue(String name, boolean configured, QueueSettings settings) implements CatalogEntry {

        @Override
        public String key() {
            return EntryKey.queue(name);
        }
    }

    /**
     * A subscription to a durable topic (spec: queue.md 6.1): it outlives the triggers and connections that made it, until
     * the last of its triggers is unregistered in so many words.
     *
     * @param namespace where the function is looked up
     * @param identity the function id, unless the trigger's metadata has a text {@code __binding}
     * @param condition a function that may veto each delivery; null: none
     * @param metadata delivered with every message; null: none
     * @param epoch tells it from one of the same name that has ended: what that one had waiting is not for this one
     */
    record Subscription(
            String topic,
            String namespace,
            String identity,
            String functionId,
            @Nullable String condition,
            @Nullable RawJson metadata,
            QueueSettings settings,
            @Nullable String epoch)
            implements CatalogEntry {

        /** One that does not tell itself from earlier ones. */
        public Subscription(
                String topic,
                String namespace,
                String identity,
                String functionId,
                @Nullable String condition,
                @Nullable RawJson metadata,
                QueueSettings settings) {
            this(topic, namespace, identity, functionId, condition, metadata, settings, null);
        }

        public Subscription withEpoch(@Nullable String other) {
            return new Subscription(topic, namespace, identity, functionId, condition, metadata, settings, other);
        }

        @Override
        public String key() {
            return EntryKey.subscription(topic, namespace, identity);
        }
    }

    /** A service description of older SDKs: kept for readers of the topic, without effect (spec: protocol.md 3.8). */
    record Service(
            String connection,
            String id,
            @Nullable String name,
            @Nullable String description,
            @Nullable String parentServiceId)
            implements CatalogEntry {

        @Override
        public String key() {
            return EntryKey.service(connection, id);
        }
    }
}
