package io.iiikafka.gateway.config;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * One thing that an operator can set.
 *
 * @param key its name: in {@code config.yaml}, for {@code --set}, and in {@code --print-config}
 * @param environment its environment variable
 * @param flag its own command line flag, if it is wanted often
 * @param defaultValue used when it is set nowhere
 * @param type how it is read
 * @param meaning for the table of settings
 */
record Setting<T>(
        String key,
        String environment,
        @Nullable String flag,
        T defaultValue,
        SettingType<T> type,
        String meaning) {

    /** A setting without a flag of its own, whose variable is its key in capitals after {@code III_}. */
    static <T> Setting<T> of(String key, SettingType<T> type, T defaultValue, String meaning) {
        String variable = "III_" + key.toUpperCase(Locale.ROOT).replace('.', '_');
        return new Setting<>(key, variable, null, defaultValue, type, meaning);
    }

    Setting<T> flag(String name) {
        return new Setting<>(key, environment, name, defaultValue, type, meaning);
    }

    Setting<T> environment(String variable) {
        return new Setting<>(key, variable, flag, defaultValue, type, meaning);
    }

    String defaultText() {
        return type.show().apply(defaultValue);
    }
}
