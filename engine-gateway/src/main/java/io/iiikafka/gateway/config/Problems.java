package io.iiikafka.gateway.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is found wrong while a configuration is read: errors forbid the start, warnings do not. */
final class Problems {

    private final Set<String> errors = new LinkedHashSet<>();
    private final Set<String> warnings = new LinkedHashSet<>();

    void error(String where, String what) {
        errors.add(where + ": " + what);
    }

    void warn(String where, String what) {
        warnings.add(where + ": " + what);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    void throwIfAny() {
        if (!errors.isEmpty()) {
            throw new ConfigException(new ArrayList<>(errors));
        }
    }
}
