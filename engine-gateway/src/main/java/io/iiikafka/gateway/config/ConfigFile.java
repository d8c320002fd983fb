package io.iiikafka.gateway.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code config.yaml} (spec: configuration.md 2): the reference's {@code workers} and {@code modules}, and our own
 * settings by their keys, nested ({@code limits: {max_payload: 8MiB}}) or with dots ({@code limits.max_payload: 8MiB}).
 *
 * @param settings by their keys
 * @param workers what {@code workers} and {@code modules} list
 */
record ConfigFile(Map<String, Given> settings, WorkerEntries workers) {

    private static final List<String> WORKER_LISTS = List.of("workers", "modules");
    private static final String EXTENSION = "x-";
    /** Sections whose settings are keys of a worker's entry instead. */
    private static final Set<String> ENTRY_SECTIONS = Set.of("listener", "http", "state", "stream", "queue");

    static ConfigFile none() {
        return new ConfigFile(Map.of(), WorkerEntries.none());
    }

    /** @throws ConfigException when the file cannot be read */
    static ConfigFile read(Path path, Placeholders placeholders, Problems problems) {
        ConfigNode root = YamlText.readFile(path.toString(), text(path), placeholders, problems);
        if (root instanceof ConfigNode.Mapping top) {
            return new Reader(problems).read(top);
        }
        if (!root.isNull()) {
            problems.error(root.where(), "must hold keys and values, such as 'workers:'");
        }
        return none();
    }

    private static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            throw new ConfigException(path + ": no such file (named by --config)");
        } catch (MalformedInputException e) {
            throw new ConfigException(path + ": not valid UTF-8");
        } catch (IOException e) {
            throw new ConfigException(path + ": cannot be read (" + e + ")");
        }
    }

    private static final class Reader {

        private final Problems problems;
        private final Map<String, Given> settings = new HashMap<>();
        private final Set<String> known = knownTopLevel();

        Reader(Problems problems) {
            this.problems = problems;
        }

        ConfigFile read(ConfigNode.Mapping top) {
            List<ConfigNode.Entry> lists = new ArrayList<>();
            for (ConfigNode.Entry entry : top.entries()) {
                if (WORKER_LISTS.contains(entry.key())) {
                    lists.add(entry);
                } else if (!entry.key().startsWith(EXTENSION)) {
                    section(entry);
                }
            }
            WorkerEntries workers = WorkerEntries.read(lists, problems);
            settings.putAll(workers.settings());
            return new ConfigFile(settings, workers);
        }

        private void section(ConfigNode.Entry entry) {
            String first = entry.key().split("\\.", 2)[0];
            if (known.contains(first)) {
                setting(entry);
            } else if (ENTRY_SECTIONS.contains(first)) {
                problems.error(entry.where(), "'" + first + "' is configured by its entry in 'workers'");
            } else {
                problems.warn(entry.where(), "unknown key '" + entry.key() + "' is ignored"
                        + NearestName.hint(entry.key(), known));
            }
        }

        private void setting(ConfigNode.Entry entry) {
            String key = entry.key();
            if (Settings.BY_KEY.containsKey(key)) {
                put(entry);
            } else if (entry.value() instanceof ConfigNode.Mapping nested) {
                nested.entries()
                        .forEach(inner -> setting(
                                new ConfigNode.Entry(key + "." + inner.key(), inner.value(), inner.where())));
            } else if (key.startsWith(ClientProperties.KEY_PREFIX)) {
                put(entry);
            } else if (!entry.value().isNull()) {
                problems.error(entry.where(), KnownKeys.unknown(key, Settings.BY_KEY.keySet()));
            }
        }

        private void put(ConfigNode.Entry entry) {
            if (settings.put(entry.key(), new Given(entry.value(), entry.where())) != null) {
                problems.error(entry.where(), "'" + entry.key() + "' is given twice");
            }
        }

        private static Set<String> knownTopLevel() {
            Set<String> known = new LinkedHashSet<>(WORKER_LISTS);
            for (String key : Settings.BY_KEY.keySet()) {
                String first = key.split("\\.", 2)[0];
                if (!ENTRY_SECTIONS.contains(first)) {
                    known.add(first);
                }
            }
            return known;
        }
    }
}
