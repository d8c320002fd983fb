package io.iiikafka.sdk.internal;

import java.util.List;

import io.iiikafka.sdk.FunctionOptions;
import io.iiikafka.sdk.Registration;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.change.EventHandler;
import io.iiikafka.sdk.protocol.RawJson;

/**
 * Several registrations that are one to the user.
 *
 * @param id the user's name for them
 * @param parts taken back in this order
 */
public record Together(String id, List<Registration> parts) implements Registration {

    public Together {
        parts = List.copyOf(parts);
    }

    /** A function that is told of events, one after another. */
    public static Registration handler(Worker worker, String functionId, EventHandler<Reply> handler) {
        return worker.function(
                functionId,
                FunctionOptions.NONE.oneAfterAnother(),
                RawJson.class,
                Void.class,
                (event, call) -> {
                    handler.handle(new Reply(worker, event));
                    return null;
                });
    }

    @Override
    public void unregister() {
        parts.forEach(Registration::unregister);
    }
}
