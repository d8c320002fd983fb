package io.iiikafka.gateway.config;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * This process.
 *
 * @param roles what it does; default: all, without the broker where {@code kafka.bootstrap.servers} is set
 * @param dataDirectory the one directory that it writes to; default {@code ./data}
 * @param advertisedHost where other gateways reach this one, for channels; default {@code 127.0.0.1}
 * @param eventLoops threads that serve sockets; default: one per processor, at most 4
 * @param routerThreads threads that route calls; default: one for every two processors, at most 4
 * @param keeperThreads threads that run state and the like; default: one for every two processors, at most 4
 */
public record ProcessConfig(
        Set<Role> roles, Path dataDirectory, String advertisedHost, int eventLoops, int routerThreads, int keeperThreads) {

    private static final int AUTO = 0;
    private static final int MOST_THREADS = 4;

    static final Setting<Set<Role>> ROLES = Setting.of(
                    "roles",
                    SettingTypes.someOf(Role.class),
                    (Set<Role>) EnumSet.allOf(Role.class),
                    "what this process does: `broker` (Kafka in this process), `gateway`, `router`, `keeper`; "
                            + "without `broker` when an existing cluster is used")
            .flag("--roles");
    static final Setting<Path> DATA_DIRECTORY = Setting.of(
                    "data_directory",
                    SettingTypes.DIRECTORY,
                    Path.of("data"),
                    "the one directory that the engine writes to")
            .environment("III_DATA")
            .flag("--data");
    static final Setting<String> ADVERTISED_HOST = Setting.of(
                    "advertised_host",
                    SettingTypes.TEXT,
                    "127.0.0.1",
                    "host name or address under which other gateways reach this one")
            .flag("--advertised-host");
    static final Setting<Integer> EVENT_LOOPS = Setting.of(
            "threads.event_loops",
            SettingTypes.integerOr("auto", AUTO, 1, 64),
            AUTO,
            "threads that serve sockets; `auto`: one per processor, at most 4");
    static final Setting<Integer> ROUTER_THREADS = Setting.of(
            "threads.router",
            SettingTypes.integerOr("auto", AUTO, 1, 64),
            AUTO,
            "threads that route calls; `auto`: one for every two processors, at most 4");

    static final Setting<Integer> KEEPER_THREADS = Setting.of(
            "threads.keeper",
            SettingTypes.integerOr("auto", AUTO, 1, 64),
            AUTO,
            "threads that run state and the like; `auto`: one for every two processors, at most 4");

    static final List<Setting<?>> SETTINGS =
            List.of(ROLES, DATA_DIRECTORY, ADVERTISED_HOST, EVENT_LOOPS, ROUTER_THREADS, KEEPER_THREADS);

    static ProcessConfig from(Values values, boolean existingCluster) {
        return new ProcessConfig(
                roles(values, existingCluster),
                values.get(DATA_DIRECTORY),
                values.get(ADVERTISED_HOST),
                threads(values.get(EVENT_LOOPS), 1),
                threads(values.get(ROUTER_THREADS), 2),
                threads(values.get(KEEPER_THREADS), 2));
    }

    private static Set<Role> roles(Values values, boolean existingCluster) {
        Set<Role> roles = EnumSet.copyOf(values.get(ROLES));
        if (!values.isGiven(ROLES) && existingCluster) {
            roles.remove(Role.BROKER);
        }
        if (existingCluster && roles.contains(Role.BROKER)) {
            values.error(ROLES, "has 'broker', but kafka.bootstrap.servers names an existing cluster; drop one of"
                    + " them");
        }
        if (!existingCluster && !roles.contains(Role.BROKER)) {
            values.error(ROLES, "lacks 'broker', so kafka.bootstrap.servers (--kafka HOST:PORT) must name a cluster");
        }
        return Set.copyOf(roles);
    }

    private static int threads(int given, int processorsPerThread) {
        int processors = Runtime.getRuntime().availableProcessors();
        return given == AUTO ? Math.clamp(processors / processorsPerThread, 1, MOST_THREADS) : given;
    }

    public boolean has(Role role) {
        return roles.contains(role);
    }
}
