package io.iiikafka.topology.condition;

import java.util.Map;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/** When the expression of a trigger makes it fire (spec: state.md 12.1). */
public record TriggerCondition(Condition condition, Mode mode) {

    public enum Mode {
        /** The new value fulfils it, the old one did not. */
        ENTER,
        /** The change fulfils it. */
        MATCH,
        /** The old value fulfilled it, the new one does not. */
        LEAVE
    }

    /**
     * @param mode null: {@link Mode#MATCH} for an expression about the change itself, else {@link Mode#ENTER}
     */
    public static TriggerCondition of(String expression, @Nullable String mode, Subject subject)
            throws InvalidConditionException {
        Condition condition = Condition.compile(expression, subject);
        Mode read = switch (mode) {
            case null -> condition.isAboutChange() ? Mode.MATCH : Mode.ENTER;
            case "enter" -> Mode.ENTER;
            case "match" -> Mode.MATCH;
            case "leave" -> Mode.LEAVE;
            default -> throw new InvalidConditionException("`condition_mode` must be enter, match or leave");
        };
        if (read != Mode.MATCH && condition.isAboutChange()) {
            throw new InvalidConditionException(
                    "`condition_mode` must be match for a condition about old_value, the event or changed()");
        }
        return new TriggerCondition(condition, read);
    }

    /** Whether it looks at the old value. */
    public boolean needsOldValue() {
        return mode != Mode.MATCH || condition.isAboutChange();
    }

    /** As {@link Condition#isTrue(RawJson, RawJson, Map)}, in the trigger's mode. */
    public boolean fires(@Nullable RawJson before, @Nullable RawJson after, Map<String, String> names) {
        return switch (mode) {
            case ENTER -> holds(after, names) && !holds(before, names);
            case LEAVE -> holds(before, names) && !holds(after, names);
            case MATCH -> condition.isTrue(before, after, names);
        };
    }

    /** Whether one value fulfils the condition; none does not. */
    private boolean holds(@Nullable RawJson value, Map<String, String> names) {
        return value != null && condition.isTrue(null, value, names);
    }
}
