package io.iiikafka.topology.keeper.state;

import java.util.Map;

import io.iiikafka.topology.condition.InvalidConditionException;
import io.iiikafka.topology.condition.Subject;
import io.iiikafka.topology.condition.TriggerCondition;
import org.jspecify.annotations.Nullable;

/** The expression of a trigger of state (spec: state.md 12.1). */
record ConditionMode(TriggerCondition condition) {

    /** Null when there is no expression. */
    static @Nullable ConditionMode of(@Nullable String expression, @Nullable String mode)
            throws StateTriggerConfig.InvalidException {
        if (expression == null) {
            return null;
        }
        try {
            return new ConditionMode(TriggerCondition.of(expression, mode, Subject.STATE));
        } catch (InvalidConditionException e) {
            throw new StateTriggerConfig.InvalidException("condition: " + e.getMessage());
        }
    }

    boolean fires(StateChange change) {
        return condition.fires(
                change.before() == null ? null : change.before().value(),
                change.after() == null ? null : change.after().value(),
                Map.of(
                        "scope", change.key().scope(),
                        "key", change.key().key(),
                        "event_type", StateEvent.type(change)));
    }
}
