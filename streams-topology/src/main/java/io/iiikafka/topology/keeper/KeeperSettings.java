package io.iiikafka.topology.keeper;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What the keeper needs to know.
 *
 * @param clientProperties for every Kafka client: {@code bootstrap.servers}, security, and what the user passed through
 * @param rooms what it runs
 * @param threads stream threads; each runs some of the partitions of {@code commands}
 * @param standbys copies of each store on other processes, ready to take over; 0: a store is rebuilt from its log
 * @param storeMemoryBytes what all stores of this process together use for caches and buffers
 * @param maxRecordBytes the largest record that its topics take
 * @param stateDirectory where the stores are; what is lost there is rebuilt from their logs
 * @param instanceId a name that survives restarts of a process that is surely alone under it, so that it gets its
 *     partitions back at once even after a crash; null: partitions of a crashed keeper wait for the session time-out
 */
public record KeeperSettings(
        Map<String, Object> clientProperties,
        List<Room> rooms,
        int threads,
        int standbys,
        long storeMemoryBytes,
        int maxRecordBytes,
        Path stateDirectory,
        @Nullable String instanceId) {}
