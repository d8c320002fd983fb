package io.iiikafka.sdk.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.protocol.Frame;

/**
 * What this worker serves, in the order in which it said so. Changed under the {@link Link}'s lock, so that a replay
 * and a change cannot cross; looked up by any thread.
 */
final class Registrations {

    /** Trigger types that outlive connections. */
    private static final Set<String> SUBSCRIPTIONS = Set.of("durable:subscriber", "queue", "event");

    private final Map<String, FunctionRunner> runners = new ConcurrentHashMap<>();
    private final Map<String, TriggerTypeProvider> providers = new ConcurrentHashMap<>();

    private final Map<String, Frame> functions = new LinkedHashMap<>();
    private final Map<String, Frame> triggerTypes = new LinkedHashMap<>();
    private final Map<String, Frame.RegisterTrigger> triggers = new LinkedHashMap<>();

    @Nullable FunctionRunner function(String id) {
        return runners.get(id);
    }

    @Nullable TriggerTypeProvider triggerType(String id) {
        return providers.get(id);
    }

    void addFunction(Frame.RegisterFunction frame, FunctionRunner runner) {
        if (runners.putIfAbsent(frame.id(), runner) != null) {
            throw new IllegalArgumentException(
                    "function " + frame.id() + " is registered already: unregister it first, or choose another id");
        }
        functions.put(frame.id(), frame);
    }

    /** Whether this very registration was still there. */
    boolean removeFunction(String id, FunctionRunner runner) {
        return runners.remove(id, runner) && functions.remove(id) != null;
    }

    void addTriggerType(Frame.RegisterTriggerType frame, TriggerTypeProvider provider) {
        if (providers.putIfAbsent(frame.id(), provider) != null) {
            throw new IllegalArgumentException(
                    "trigger type " + frame.id() + " is registered already: unregister it first");
        }
        triggerTypes.put(frame.id(), frame);
    }

    boolean removeTriggerType(String id, TriggerTypeProvider provider) {
        return providers.remove(id, provider) && triggerTypes.remove(id) != null;
    }

    void addTrigger(Frame.RegisterTrigger frame) {
        if (triggers.putIfAbsent(frame.id(), frame) != null) {
            throw new IllegalArgumentException("trigger " + frame.id() + " is bound already: unregister it first");
        }
    }

    boolean removeTrigger(Frame.RegisterTrigger frame) {
        return triggers.remove(frame.id(), frame);
    }

    /** Everything, in the order in which the engine wants it: types before the triggers that may use them. */
    List<Frame> replay() {
        List<Frame> frames = new ArrayList<>(triggerTypes.values());
        frames.addAll(functions.values());
        frames.addAll(triggers.values());
        return frames;
    }

    /**
     * The frames that take functions and triggers back, so that nothing new comes. But for subscriptions to durable topics: to
     * unregister them is to end them, with all that they have waiting for this worker's return.
     */
    List<Frame> farewell() {
        List<Frame> frames = new ArrayList<>();
        triggers.values().stream()
                .filter(trigger -> !SUBSCRIPTIONS.contains(trigger.triggerType()))
                .forEach(trigger -> frames.add(unregister(trigger)));
        functions.keySet().forEach(id -> frames.add(new Frame.UnregisterFunction(id)));
        return frames;
    }

    static Frame unregister(Frame.RegisterTrigger trigger) {
        return new Frame.UnregisterTrigger(trigger.id(), trigger.triggerType(), null, null, null, null);
    }
}
