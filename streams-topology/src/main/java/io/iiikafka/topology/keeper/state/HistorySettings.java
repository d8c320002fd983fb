package io.iiikafka.topology.keeper.state;

import java.util.List;

/**
 * What is kept of the changes of state (spec: state.md 12.5).
 *
 * @param enabled whether anything is
 * @param maxAgeMs for how long
 * @param maxVersionsPerKey of each key at most so many changes, the newest; 0: nothing is kept
 * @param values whether values are kept, too; without them nothing can be read as it was, or restored
 * @param excludedScopes scopes of which nothing is kept ({@code *}: any characters)
 */
public record HistorySettings(
        boolean enabled, long maxAgeMs, long maxVersionsPerKey, boolean values, List<String> excludedScopes) {

    public static final HistorySettings DEFAULT = new HistorySettings(true, 7L * 86_400_000, 1_000, true, List.of());
}
