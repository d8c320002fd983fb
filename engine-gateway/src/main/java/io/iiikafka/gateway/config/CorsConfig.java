package io.iiikafka.gateway.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Cross-origin rules of the REST port (spec: http.md 14).
 *
 * @param allowedOrigins exact origins; empty, or with {@code *} in it: any
 * @param allowedMethods what a preflight is answered; empty: {@code *}
 * @param allowCredentials whether browsers may send cookies and the like; needs exact origins; default false
 * @param maxAge how long browsers may remember a preflight's answer; empty (the default): as they like
 */
public record CorsConfig(
        List<String> allowedOrigins,
        List<String> allowedMethods,
        boolean allowCredentials,
        Optional<Duration> maxAge) {

    private static final String ANY = "*";
    private static final List<String> KEYS =
            List.of("allowed_origins", "allowed_methods", "allow_credentials", "max_age");

    static CorsConfig read(ConfigNode.Mapping mapping) {
        KnownKeys.require(mapping, KEYS);
        ConfigNode credentials = mapping.get("allow_credentials");
        ConfigNode maxAge = mapping.get("max_age");
        CorsConfig cors = new CorsConfig(
                words(mapping.get("allowed_origins")),
                words(mapping.get("allowed_methods")),
                credentials != null && SettingTypes.FLAG.read(credentials),
                maxAge == null || maxAge.isNull()
                        ? Optional.empty()
                        : Optional.of(SettingTypes.DURATION.read(maxAge)));
        if (cors.allowCredentials && cors.isForAnyOrigin()) {
            throw new BadValue("has allow_credentials, which needs allowed_origins without '*':"
                    + " any site could act for its visitors");
        }
        return cors;
    }

    public boolean isForAnyOrigin() {
        return allowedOrigins.isEmpty() || allowedOrigins.contains(ANY);
    }

    /** Those without a scheme, such as {@code localhost}. */
    List<String> originsThatNeverMatch() {
        return allowedOrigins.stream()
                .filter(origin -> !origin.equals(ANY) && !origin.equals("null") && !origin.contains("://"))
                .toList();
    }

    private static List<String> words(@Nullable ConfigNode node) {
        return node == null || node.isNull() ? List.of() : List.copyOf(SettingTypes.words(node));
    }
}
