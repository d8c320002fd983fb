package io.iiikafka.gateway.config;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Cross-origin rules of the REST port (spec: http.md 14).
 *
 * @param allowedOrigins exact origins; empty, or with {@code *} in it: any
 * @param allowedMethods what a preflight is answered; empty: {@code *}
 */
public record CorsConfig(List<String> allowedOrigins, List<String> allowedMethods) {

    static CorsConfig read(ConfigNode.Mapping mapping) {
        KnownKeys.require(mapping, List.of("allowed_origins", "allowed_methods"));
        return new CorsConfig(words(mapping.get("allowed_origins")), words(mapping.get("allowed_methods")));
    }

    private static List<String> words(@Nullable ConfigNode node) {
        return node == null || node.isNull() ? List.of() : List.copyOf(SettingTypes.words(node));
    }
}
