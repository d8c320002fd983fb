package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.condition.Change;
import io.iiikafka.topology.condition.Condition;
import io.iiikafka.topology.condition.InvalidConditionException;
import org.jspecify.annotations.Nullable;

/** When the expression of a trigger makes it fire (spec: state.md 12.1). */
record ConditionMode(Condition condition, Mode mode) {

    enum Mode {
        /** The new value fulfils it, the old one did not. */
        ENTER,
        /** The change fulfils it. */
        MATCH,
        /** The old value fulfilled it, the new one does not. */
        LEAVE
    }

    /**
     * @param mode null: {@link Mode#MATCH} for an expression about the change itself, else {@link Mode#ENTER}
     * @return null when there is no expression
     */
    static @Nullable ConditionMode of(@Nullable String expression, @Nullable String mode)
            throws StateTriggerConfig.InvalidException {
        if (expression == null) {
            return null;
        }
        try {
            Condition condition = Condition.compile(expression);
            return new ConditionMode(condition, mode(condition, mode));
        } catch (InvalidConditionException e) {
            throw new StateTriggerConfig.InvalidException("condition: " + e.getMessage());
        }
    }

    private static Mode mode(Condition condition, @Nullable String given) throws StateTriggerConfig.InvalidException {
        Mode mode = switch (given) {
            case null -> condition.isAboutChange() ? Mode.MATCH : Mode.ENTER;
            case "enter" -> Mode.ENTER;
            case "match" -> Mode.MATCH;
            case "leave" -> Mode.LEAVE;
            default -> throw new StateTriggerConfig.InvalidException(
                    "`condition_mode` must be enter, match or leave");
        };
        if (mode != Mode.MATCH && condition.isAboutChange()) {
            throw new StateTriggerConfig.InvalidException(
                    "`condition_mode` must be match for a condition about old_value, event_type or changed()");
        }
        return mode;
    }

    boolean fires(StateChange change) {
        RawJson before = change.before() == null ? null : change.before().value();
        RawJson after = change.after() == null ? null : change.after().value();
        return switch (mode) {
            case ENTER -> holds(change, after) && !holds(change, before);
            case LEAVE -> holds(change, before) && !holds(change, after);
            case MATCH -> condition.isTrue(new Change(
                    change.key().scope(), change.key().key(), StateEvent.type(change), before, after));
        };
    }

    /** Whether one value fulfils the condition; none does not. */
    private boolean holds(StateChange change, @Nullable RawJson value) {
        return value != null
                && condition.isTrue(new Change(
                        change.key().scope(), change.key().key(), StateEvent.type(change), null, value));
    }
}
