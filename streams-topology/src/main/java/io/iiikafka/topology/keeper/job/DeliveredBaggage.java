package io.iiikafka.topology.keeper.job;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/** W3C baggage of a job as its handler gets it: without what was said of the span of its producer (spec: queue.md 9). */
public final class DeliveredBaggage {

    private static final String OF_SPANS = "iii.tag.";
    private static final Set<String> DROPPED = Set.of("iii.tag.kind", "iii.tag.display_name", "iii.tag.hidden");

    private DeliveredBaggage() {}

    public static @Nullable String of(@Nullable String kept) {
        if (kept == null || !kept.contains(OF_SPANS)) {
            return kept;
        }
        StringBuilder entries = new StringBuilder(kept.length());
        for (String entry : kept.split(",")) {
            int end = entry.indexOf('=');
            if (!DROPPED.contains((end < 0 ? entry : entry.substring(0, end)).strip())) {
                entries.append(entries.isEmpty() ? "" : ",").append(entry.strip());
            }
        }
        return entries.isEmpty() ? null : entries.toString();
    }
}
