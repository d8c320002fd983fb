package io.iiikafka.gateway.engine;

import java.util.Set;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/** Tells callers whose SDK is older than 0.13.0, to which some functions answered otherwise (spec: protocol.md 13.3). */
final class LegacyCallers {

    private static final Set<String> RUNTIMES = Set.of("node", "python", "rust");
    private static final int FIRST_CURRENT_MINOR = 13;

    private final Catalog catalog;

    LegacyCallers(Catalog catalog) {
        this.catalog = catalog;
    }

    boolean isLegacy(Call call) {
        return isLegacy(caller(call));
    }

    /** These take formats only in a shape of their own, and fail on any other. */
    boolean isLegacyPython(Call call) {
        CatalogEntry.Worker caller = caller(call);
        return caller != null && isLegacy(caller) && "python".equals(caller.runtime());
    }

    private CatalogEntry.@Nullable Worker caller(Call call) {
        return call.callerWorkerId() == null ? null : catalog.worker(call.callerWorkerId());
    }

    private static boolean isLegacy(CatalogEntry.@Nullable Worker caller) {
        return caller != null
                && caller.version() != null
                && caller.runtime() != null
                && RUNTIMES.contains(caller.runtime())
                && isBefore013(caller.version());
    }

    /** {@code 0.12.0-next.1} is before 0.13.0; what is no version is not. */
    static boolean isBefore013(String version) {
        String[] parts = version.split("[.\\-+]", 3);
        try {
            return parts.length >= 2
                    && Integer.parseInt(parts[0]) == 0
                    && Integer.parseInt(parts[1]) < FIRST_CURRENT_MINOR;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
