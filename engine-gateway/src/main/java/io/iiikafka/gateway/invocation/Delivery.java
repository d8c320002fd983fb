package io.iiikafka.gateway.invocation;

import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Origin;
import io.iiikafka.topology.record.RoutedCall;
import org.jspecify.annotations.Nullable;

/**
 * A call that this gateway was handed to run on one of its workers.
 *
 * @param routed the call
 * @param progress what to tick off when it is answered, so that its slot's low-water mark can move on
 * @param here told the outcome in place of the call's origin; null: nobody of this gateway is
 */
public record Delivery(RoutedCall routed, SlotProgress.Mark progress, @Nullable OutcomeHandler here) {

    public Delivery(RoutedCall routed, SlotProgress.Mark progress) {
        this(routed, progress, null);
    }

    public Call call() {
        return routed.call();
    }

    /** The same in that trace context. */
    Delivery below(String traceparent) {
        return with(call().below(traceparent));
    }

    private Delivery with(Call call) {
        return new Delivery(
                new RoutedCall(
                        call,
                        routed.origin(),
                        routed.position(),
                        routed.hops(),
                        routed.condition(),
                        routed.worker(),
                        routed.topic()),
                progress,
                here);
    }

    /** The same once its worker has got it: only who asked still matters. */
    public Delivery handedOver() {
        return with(call().withoutPayload());
    }

    /** Who waits; null when nobody does. */
    @Nullable Origin origin() {
        return routed.origin();
    }
}
