package io.iiikafka.gateway.invocation;

import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;

/**
 * The one way in for every call: worker frames, HTTP requests, trigger firings, conditions, middleware, the engine's
 * own calls.
 *
 * <ol>
 *   <li>May be called from any thread; never blocks, never throws.
 *   <li>The future always succeeds, exactly once, with an {@link Outcome}: what fails is a {@link Outcome.Failure}.
 *   <li>It completes on the caller's event loop or Vert.x context when there is one, no later than about a second after the call's
 *       deadline.
 * </ol>
 */
public interface Invoker {

    /** Runs the call and gives its outcome. {@link Call#reply()} must be true. */
    Future<Outcome> invoke(Call call);

    /** Runs the call; nobody waits. {@link Call#reply()} must be false. */
    void fire(Call call);
}
