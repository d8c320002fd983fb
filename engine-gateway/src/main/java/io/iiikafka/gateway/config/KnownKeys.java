package io.iiikafka.gateway.config;

import java.util.Collection;
import java.util.List;

/** Refuses keys that nobody reads: a misspelt one must not pass silently. */
final class KnownKeys {

    private KnownKeys() {}

    static void require(ConfigNode.Mapping mapping, List<String> known) {
        for (ConfigNode.Entry entry : mapping.entries()) {
            if (!known.contains(entry.key())) {
                throw new BadValue("has an " + unknown(entry.key(), known));
            }
        }
    }

    static String unknown(String key, Collection<String> known) {
        return "unknown key '" + key + "'" + NearestName.hint(key, known);
    }
}
