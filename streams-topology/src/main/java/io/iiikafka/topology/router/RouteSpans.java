package io.iiikafka.topology.router;

import io.iiikafka.sdk.protocol.ErrorBody;
import org.apache.kafka.common.header.Headers;

/**
 * Makes the span {@code route <function>} of each call that is part of a trace, beside the spans of the gateways. Called on
 * router threads; must be quick.
 */
@FunctionalInterface
public interface RouteSpans {

    /** The span of one call, from the moment that its record is taken up. */
    interface Route {

        void delivered(int slot);

        void refused(ErrorBody why);

        void end();
    }

    Route UNTRACED = new Route() {
        @Override
        public void delivered(int slot) {}

        @Override
        public void refused(ErrorBody why) {}

        @Override
        public void end() {}
    };

    /** Makes none, and costs nothing. */
    RouteSpans NONE = (functionId, headers) -> UNTRACED;

    /** @param headers of the call's record, with its {@code traceparent} if it has one */
    Route begin(String functionId, Headers headers);
}
