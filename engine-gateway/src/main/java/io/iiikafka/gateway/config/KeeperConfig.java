package io.iiikafka.gateway.config;

import java.util.List;

/**
 * What holds state and the like.
 *
 * @param standbys copies of each store on other processes, ready to take over; default 0: rebuilt from their logs
 * @param memoryBytes what all stores of this process together use for caches and buffers; default 128 MiB
 */
public record KeeperConfig(int standbys, long memoryBytes) {

    private static final long LEAST_MEMORY = 8L * 1024 * 1024;

    static final Setting<Integer> STANDBYS = Setting.of(
            "keeper.standbys",
            SettingTypes.integer(0, 8),
            0,
            "copies of each store on other processes, ready to take over; without, a lost store is rebuilt from its log");
    static final Setting<Long> MEMORY = Setting.of(
            "keeper.memory",
            SettingTypes.SIZE,
            128L * 1024 * 1024,
            "native memory of all stores together: what was read (blocks, indexes, filters) and, up to half of it, what"
                    + " was written and is not on disk yet");

    static final List<Setting<?>> SETTINGS = List.of(STANDBYS, MEMORY);

    static KeeperConfig from(Values values) {
        KeeperConfig keeper = new KeeperConfig(values.get(STANDBYS), values.get(MEMORY));
        if (keeper.memoryBytes < LEAST_MEMORY) {
            values.error(MEMORY, "must be at least 8MiB");
        }
        return keeper;
    }
}
