package io.iiikafka.topology.router;

import java.nio.file.Path;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What the router needs to know.
 *
 * @param clientProperties for every Kafka client: {@code bootstrap.servers}, security, and what the user passed through
 * @param threads stream threads; each routes some of the partitions of {@code invocations}
 * @param stateDirectory where Streams keeps its process id; nothing else is stored there
 * @param instanceId a name that survives restarts of a process that is surely alone under it, so that it gets its
 *     partitions back at once even after a crash; null: partitions of a crashed router wait for the session time-out
 */
public record RouterSettings(
        Map<String, Object> clientProperties, int threads, Path stateDirectory, @Nullable String instanceId) {}
