package io.iiikafka.gateway.config;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Looks settings up in layers, the strongest first. What cannot be read is noted, and its default stands in. */
final class Values {

    private final List<Map<String, Given>> layers;
    private final Problems problems;

    /**
     * @param layers by {@link Setting#key()}, the strongest first
     */
    Values(List<Map<String, Given>> layers, Problems problems) {
        this.layers = layers;
        this.problems = problems;
    }

    <T> T get(Setting<T> setting) {
        Given given = given(setting);
        return given == null ? setting.defaultValue() : read(setting, given);
    }

    private <T> T read(Setting<T> setting, Given given) {
        try {
            return setting.type().read(given.node());
        } catch (BadValue e) {
            problems.error(given.source(), setting.key() + " " + e.getMessage());
            return setting.defaultValue();
        }
    }

    boolean isGiven(Setting<?> setting) {
        return given(setting) != null;
    }

    String source(Setting<?> setting) {
        Given given = given(setting);
        return given == null ? "default" : given.source();
    }

    /** For a complaint about several settings together, or about one that is readable but wrong. */
    void error(Setting<?> setting, String what) {
        problems.error(source(setting), setting.key() + " " + what);
    }

    void warn(Setting<?> setting, String what) {
        problems.warn(source(setting), setting.key() + " " + what);
    }

    private @Nullable Given given(Setting<?> setting) {
        for (Map<String, Given> layer : layers) {
            Given given = layer.get(setting.key());
            if (given != null) {
                return given;
            }
        }
        return null;
    }
}
