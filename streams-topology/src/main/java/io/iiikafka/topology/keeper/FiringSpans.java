package io.iiikafka.topology.keeper;

import java.util.List;

import io.iiikafka.topology.keeper.job.DeliverySpans;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/**
 * Makes the span {@code state_triggers} or {@code stream_triggers} under which the calls of triggers go on in the trace of
 * the write that fired them (spec: state.md 5.3.10, stream.md 6.1.9); {@code publish <topic>} for what was published
 * (spec: pubsub.md 6). Called on keeper threads; must be quick.
 */
@FunctionalInterface
public interface FiringSpans {

    /** Makes none: the calls go on right under the write. */
    FiringSpans NONE = (name, traceparent) -> traceparent;

    /** Makes a span below {@code traceparent}; gives the trace context of what is below the span. */
    String make(String name, String traceparent);

    /**
     * Begins the trace of a call that a schedule makes (spec: cron.md 9); gives the trace context of what is below its
     * span, null when there is none.
     */
    default @Nullable String begin(Call scheduled, String expression) {
        return null;
    }

    /** Ends the span of a scheduled call, if it was begun here. */
    default void end(String invocationId, boolean success) {}

    /** The spans of deliveries of jobs. */
    default DeliverySpans deliveries() {
        return DeliverySpans.NONE;
    }

    /** What the command fired, below one span; calls that are in no trace stay so. */
    default List<Firing> around(List<Firing> firings, Command command) {
        String traceparent = traceparent(firings);
        if (traceparent == null) {
            return firings;
        }
        String below = make(name(command.call()), traceparent);
        return below.equals(traceparent)
                ? firings
                : firings.stream().map(each -> each.call().traceparent() == null ? each : each.below(below)).toList();
    }

    private static String name(Call call) {
        if (call.functionId().equals("publish")) {
            return "publish " + Input.of(call).text("topic");
        }
        if (call.functionId().equals("publish_batch")) {
            return "publish " + Input.of(call).objects("events").getFirst().text("topic");
        }
        return call.functionId().contains("stream::") ? "stream_triggers" : "state_triggers";
    }

    private static @Nullable String traceparent(List<Firing> firings) {
        for (Firing firing : firings) {
            if (firing.call().traceparent() != null) {
                return firing.call().traceparent();
            }
        }
        return null;
    }
}
