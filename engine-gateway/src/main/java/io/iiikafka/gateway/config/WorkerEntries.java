package io.iiikafka.gateway.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The entries under {@code workers} and {@code modules}: those of builtins become settings, the others are workers that
 * run elsewhere.
 *
 * @param listed whether there is such a list at all
 * @param http whether it has the REST port
 * @param stream whether it has the stream port
 * @param queueName under which of its names the queue entry stands; empty: there is none
 * @param listeners settings of each worker listener
 * @param settings of the REST port, of state and the like, by their keys
 */
record WorkerEntries(
        boolean listed,
        boolean http,
        boolean stream,
        String queueName,
        List<Map<String, Given>> listeners,
        Map<String, Given> settings) {

    private static final Set<String> HTTP_NAMES = Set.of("iii-http", "http");
    private static final Set<String> STATE_NAMES = Set.of(StateConfig.WORKER_NAME, "state");
    private static final Set<String> STREAM_NAMES = Set.of(StreamConfig.WORKER_NAME, "stream");
    private static final Set<String> QUEUE_NAMES = Set.of(QueueConfig.WORKER_NAME, QueueConfig.STANDALONE_NAME);
    private static final Set<String> PUBSUB_NAMES = Set.of(PubsubConfig.WORKER_NAME, "pubsub");
    private static final OtherStorage PUBSUB_STORAGE = new OtherStorage(
            PubsubConfig.WORKER_NAME,
            "events are kept",
            Map.of("local", Set.of(), "redis", Set.of("redis_url")),
            Set.of("local"),
            Map.of("modules::pubsub::LocalAdapter", "local", "modules::pubsub::RedisAdapter", "redis"));
    private static final String CRON = "iii-cron";
    private static final Set<String> CRON_NAMES = Set.of(CRON, "cron");
    private static final OtherStorage CRON_STORAGE = new OtherStorage(
            CRON,
            "schedules are kept",
            Map.of(
                    "kv", Set.of("lock_ttl_ms", "lock_index", "store_method", "file_path", "save_interval_ms"),
                    "local", Set.of(),
                    "redis", Set.of("redis_url")),
            Set.of("kv", "local"),
            Map.of(
                    "modules::cron::KvCronAdapter", "kv",
                    "modules::cron::RedisCronAdapter", "redis",
                    "modules::cron::adapters::RedisCronAdapter", "redis"));
    private static final Map<String, String> OLD_CLASSES =
            Map.of("modules::cron::CronModule", CRON, "modules::api::RestApiModule", "iii-http", "modules::worker::WorkerModule",
                    ListenerConfig.WORKER_NAME, "modules::state::StateModule", StateConfig.WORKER_NAME,
                    "modules::stream::StreamModule", StreamConfig.WORKER_NAME,
                    "modules::queue::QueueModule", QueueConfig.WORKER_NAME,
                    "modules::event::EventModule", QueueConfig.WORKER_NAME,
                    "modules::pubsub::PubSubModule", PubsubConfig.WORKER_NAME);
    private static final Set<String> WITHOUT_SETTINGS_YET = Set.of(
            "configuration", "iii-telemetry", "iii-engine-functions", "iii-observability", "iii-exec", "iii-sandbox", "iii-bridge");
    /** Keys that would close what is open without them: to ignore one would be worse than not to start. */
    private static final Set<String> LISTENER_KEYS_TO_COME = Set.of("rbac", "middleware_function_id");

    static WorkerEntries none() {
        return new WorkerEntries(false, false, false, "", List.of(), Map.of());
    }

    static WorkerEntries read(List<ConfigNode.Entry> lists, Problems problems) {
        if (lists.isEmpty()) {
            return none();
        }
        Reader reader = new Reader(problems);
        lists.forEach(reader::list);
        return new WorkerEntries(
                true,
                !reader.httpName.isEmpty(),
                !reader.streamName.isEmpty(),
                reader.queueName,
                reader.listeners,
                reader.settings);
    }

    private static final class Reader {

        private final Problems problems;
        private final List<Map<String, Given>> listeners = new ArrayList<>();
        private final Map<String, Given> settings = new HashMap<>();
        private String httpName = "";
        private String stateName = "";
        private String streamName = "";
        private String queueName = "";
        private String pubsubName = "";
        private String cronName = "";

        Reader(Problems problems) {
            this.problems = problems;
        }

        void list(ConfigNode.Entry list) {
            switch (list.value()) {
                case ConfigNode.Sequence sequence -> sequence.items().forEach(this::entry);
                case ConfigNode other when other.isNull() -> {}
                case ConfigNode other -> problems.error(list.where(), list.key() + " must be a list");
            }
        }

        private void entry(ConfigNode node) {
            if (!(node instanceof ConfigNode.Mapping entry)) {
                problems.error(node.where(), "an entry must have a name");
                return;
            }
            String name = name(entry);
            if (name.isEmpty()) {
                problems.error(entry.where(), "an entry must have a name");
            } else if (HTTP_NAMES.contains(name)) {
                builtin(name, entry, HttpConfig.SETTINGS, "http.", settings);
                http(name, entry);
            } else if (name.equals(ListenerConfig.WORKER_NAME)) {
                Map<String, Given> listener = new HashMap<>();
                builtin(name, entry, ListenerConfig.SETTINGS, "listener.", listener);
                listeners.add(listener);
            } else if (STATE_NAMES.contains(name)) {
                builtin(name, entry, StateConfig.SETTINGS, "state.", settings);
                only(name, stateName, entry);
                stateName = name;
            } else if (STREAM_NAMES.contains(name)) {
                builtin(name, entry, StreamConfig.SETTINGS, "stream.", settings);
                only(name, streamName, entry);
                streamName = name;
            } else if (QUEUE_NAMES.contains(name)) {
                builtin(name, entry, QueueConfig.SETTINGS, "queue.", settings);
                onlyOne(name, queueName, QueueConfig.WORKER_NAME, entry);
                queueName = name;
            } else if (PUBSUB_NAMES.contains(name)) {
                builtin(name, entry, PubsubConfig.SETTINGS, "pubsub.", settings);
                onlyOne(name, pubsubName, PubsubConfig.WORKER_NAME, entry);
                pubsubName = name;
            } else if (CRON_NAMES.contains(name)) {
                builtin(name, entry, List.of(), "cron.", settings);
                onlyOne(name, cronName, CRON, entry);
                cronName = name;
            } else if (WITHOUT_SETTINGS_YET.contains(name)) {
                problems.warn(entry.where(), "worker '" + name
                        + "' has no settings in this engine; its entry is ignored");
            } else {
                problems.warn(
                        entry.where(),
                        "worker '" + name + "' is not started by this engine; start it yourself, it connects by"
                                + " itself");
            }
        }

        private static String name(ConfigNode.Mapping entry) {
            if (entry.get("name") instanceof ConfigNode.Scalar name) {
                return name.text();
            }
            if (entry.get("class") instanceof ConfigNode.Scalar old) {
                return OLD_CLASSES.getOrDefault(old.text(), old.text());
            }
            return "";
        }

        private void http(String name, ConfigNode.Mapping entry) {
            only(name, httpName, entry);
            httpName = name;
            String where = entry.where() + " (left out of the entry)";
            settings.putIfAbsent("http.host", new Given(new ConfigNode.Scalar("0.0.0.0", true, where), where));
        }

        private void only(String name, String before, ConfigNode.Mapping entry) {
            if (!before.isEmpty()) {
                problems.error(
                        entry.where(),
                        "Duplicate worker configurations: " + before + " and " + name + " are the same; remove one");
            }
        }

        /** As the reference says it where an entry has an older name, too (spec: queue.md 8.3). */
        private void onlyOne(String name, String before, String older, ConfigNode.Mapping entry) {
            if (!before.isEmpty()) {
                problems.error(
                        entry.where(),
                        "Duplicate worker configurations: " + before + " and " + name + " are the same. "
                                + (before.equals(name)
                                        ? "Remove one of them."
                                        : "Remove '" + older + "' from your configuration."));
            }
        }

        private void builtin(
                String name,
                ConfigNode.Mapping entry,
                List<Setting<?>> known,
                String prefix,
                Map<String, Given> found) {
            if (entry.get("image") != null) {
                problems.error(entry.where(), "worker '" + name + "' is part of the engine and takes no image");
            }
            switch (entry.get("config")) {
                case null -> {}
                case ConfigNode.Mapping config -> {
                    ConfigNode.Mapping keys =
                            switch (prefix) {
                                case "stream." -> StreamEntry.flattened(config, problems);
                                case "queue." -> QueueEntry.flattened(name, config, problems);
                                case "pubsub." -> PUBSUB_STORAGE.without(config, problems);
                                case "cron." -> CRON_STORAGE.without(config, problems);
                                default -> config;
                            };
                    keys.entries().forEach(key -> key(name, key, known, prefix, found));
                }
                case ConfigNode other when other.isNull() -> {}
                case ConfigNode other -> problems.error(other.where(), "config of '" + name
                        + "' must hold keys and values");
            }
        }

        private void key(
                String name,
                ConfigNode.Entry key,
                List<Setting<?>> known,
                String prefix,
                Map<String, Given> found) {
            List<String> names = known.stream()
                    .filter(setting -> setting.key().startsWith(prefix))
                    .map(setting -> setting.key().substring(prefix.length()))
                    .toList();
            String group = key.key() + ".";
            if (key.value() instanceof ConfigNode.Mapping nested
                    && names.stream().anyMatch(each -> each.startsWith(group))) {
                nested.entries().forEach(inner -> key(name, inner, known, prefix + group, found));
            } else if (names.contains(key.key())) {
                found.put(prefix + key.key(), new Given(key.value(), key.where()));
            } else if (prefix.equals("listener.") && LISTENER_KEYS_TO_COME.contains(key.key())) {
                if (!key.value().isNull()) {
                    problems.error(
                            key.where(),
                            "'" + key.key() + "' of " + name + " is not supported yet; without it the listener would be"
                                    + " open to all, so the engine does not start");
                }
            } else if (!prefix.equals("state.") || !StateConfig.isOfOtherStores(key, problems)) {
                problems.error(key.where(), name + ": " + KnownKeys.unknown(key.key(), names));
            }
        }
    }
}
