package io.iiikafka.gateway.cli;

import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.apache.kafka.common.errors.NotControllerException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Keeps back warnings of Kafka that every start or stop of a healthy engine would show. Used by {@code logback.xml};
 * they are shown when Kafka's level is INFO or finer.
 */
public final class HarmlessWarnings extends TurboFilter {

    private static final List<String> KAFKA = List.of("org.apache.kafka.", "kafka.");
    private static final List<String> HARMLESS = List.of(
            // A node that becomes controller says so at this level.
            "Performing controller activation",
            // A client is closed by its owner and by its thread.
            "Attempting to close NetworkClient that has already been closed",
            // Several first members of groups ask for it at once.
            "Auto topic creation failed for __consumer_offsets with error 'TOPIC_ALREADY_EXISTS'",
            // A consumer's assignment changes while it fetches positions.
            "Not updating high watermark for partition",
            "Not updating last stable offset for partition",
            // Streams builds a topology under a configuration of its own, which leaves open what ours sets.
            "Processing exception handler is not enabled for the GlobalThread");

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] parameters,
            @Nullable Throwable thrown) {
        if (!level.isGreaterOrEqual(Level.WARN) || KAFKA.stream().noneMatch(logger.getName()::startsWith)) {
            return FilterReply.NEUTRAL;
        }
        boolean wanted = !logger.getEffectiveLevel().isGreaterOrEqual(Level.WARN);
        return wanted || !isHarmless(format, thrown) ? FilterReply.NEUTRAL : FilterReply.DENY;
    }

    private static boolean isHarmless(@Nullable String message, @Nullable Throwable thrown) {
        // A starting broker registers with its own controller before that has been elected, and tries again.
        boolean tooEarly = thrown != null && thrown.getCause() instanceof NotControllerException;
        return tooEarly || (message != null && HARMLESS.stream().anyMatch(message::contains));
    }
}
