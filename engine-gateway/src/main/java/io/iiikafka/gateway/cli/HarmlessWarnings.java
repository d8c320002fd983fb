package io.iiikafka.gateway.cli;

import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Keeps back warnings of Kafka that every start or stop of a healthy engine would show. Used by {@code logback.xml}; they
 * are shown when Kafka's level is INFO or finer.
 */
public final class HarmlessWarnings extends TurboFilter {

    private static final String KAFKA = "org.apache.kafka.";
    private static final List<String> HARMLESS = List.of(
            // A node that becomes controller says so at this level.
            "Performing controller activation",
            // A client is closed by its owner and by its thread.
            "Attempting to close NetworkClient that has already been closed",
            // A consumer's assignment changes while it fetches positions.
            "Not updating high watermark for partition",
            "Processing exception handler is not enabled for the GlobalThread");

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] parameters,
            @Nullable Throwable thrown) {
        boolean harmless = level == Level.WARN
                && format != null
                && logger.getName().startsWith(KAFKA)
                && logger.getEffectiveLevel().isGreaterOrEqual(Level.WARN)
                && HARMLESS.stream().anyMatch(format::contains);
        return harmless ? FilterReply.DENY : FilterReply.NEUTRAL;
    }
}
