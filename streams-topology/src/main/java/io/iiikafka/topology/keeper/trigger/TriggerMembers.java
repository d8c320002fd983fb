package io.iiikafka.topology.keeper.trigger;

import java.util.HashSet;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.condition.InvalidConditionException;
import io.iiikafka.topology.condition.Subject;
import io.iiikafka.topology.condition.TriggerCondition;
import org.jspecify.annotations.Nullable;

/** The members of a trigger's config. A member that is {@code null} counts as absent; unknown ones are ignored. */
public final class TriggerMembers {

    private final JsonNode members;
    private final String complaint;

    private TriggerMembers(JsonNode members, String complaint) {
        this.members = members;
        this.complaint = complaint;
    }

    /**
     * @param complaint what every error begins with
     */
    public static TriggerMembers of(RawJson config, String complaint) throws InvalidTriggerException {
        TriggerMembers members = new TriggerMembers(config.toTree(), complaint);
        if (!config.isObject()) {
            throw members.invalid("expected an object");
        }
        return members;
    }

    public InvalidTriggerException invalid(String detail) {
        return new InvalidTriggerException(complaint + detail);
    }

    public boolean has(String name) {
        return members.hasNonNull(name);
    }

    public @Nullable String text(String name) throws InvalidTriggerException {
        if (!has(name)) {
            return null;
        }
        String text = members.get(name).textValue();
        if (text == null) {
            throw invalid("`" + name + "` must be a string");
        }
        return text;
    }

    public boolean flag(String name) throws InvalidTriggerException {
        if (has(name) && !members.get(name).isBoolean()) {
            throw invalid("`" + name + "` must be a boolean");
        }
        return members.path(name).asBoolean(false);
    }

    /** Some of {@code allowed}, or, when that is empty, any texts; none when the member is absent. */
    public Set<String> texts(String name, Set<String> allowed) throws InvalidTriggerException {
        Set<String> texts = new HashSet<>();
        if (has(name)) {
            for (JsonNode each : members.get(name)) {
                texts.add(each.asText());
            }
            if (!members.get(name).isArray() || texts.isEmpty() || !allowed.isEmpty() && !allowed.containsAll(texts)) {
                String of = allowed.isEmpty() ? "strings" : String.join(", ", allowed.stream().sorted().toList());
                throw invalid("`" + name + "` must be an array of " + of);
            }
        }
        return Set.copyOf(texts);
    }

    /** The expression under {@code condition}; null: none. */
    public @Nullable TriggerCondition condition(Subject subject) throws InvalidTriggerException {
        String expression = text("condition");
        try {
            return expression == null ? null : TriggerCondition.of(expression, text("condition_mode"), subject);
        } catch (InvalidConditionException e) {
            throw invalid("condition: " + e.getMessage());
        }
    }
}
