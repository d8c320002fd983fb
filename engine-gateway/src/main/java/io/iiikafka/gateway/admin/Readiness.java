package io.iiikafka.gateway.admin;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/** Collects why the engine is not ready. Safe for use by several threads. */
public final class Readiness {

    private final Map<String, Supplier<Optional<String>>> checks = new ConcurrentSkipListMap<>();

    /**
     * Adds a part of the engine, or replaces it.
     *
     * @param notReadyReason asked for each health request, so it must not block; empty when the part is ready
     */
    public void register(String part, Supplier<Optional<String>> notReadyReason) {
        checks.put(part, notReadyReason);
    }

    /** Reasons by part; empty: ready. A check that fails is a reason. */
    public Map<String, String> reasons() {
        Map<String, String> reasons = new LinkedHashMap<>();
        checks.forEach((part, check) -> reason(check).ifPresent(reason -> reasons.put(part, reason)));
        return reasons;
    }

    private static Optional<String> reason(Supplier<Optional<String>> check) {
        try {
            return check.get();
        } catch (RuntimeException e) {
            return Optional.of("the check failed: " + e);
        }
    }
}
