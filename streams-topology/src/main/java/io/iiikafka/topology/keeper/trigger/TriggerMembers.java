package io.iiikafka.topology.keeper.trigger;

import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
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

    public boolean isText(String name) {
        return members.path(name).isTextual();
    }

    public boolean isObject(String name) {
        return members.path(name).isObject();
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

    /** An integer within the bounds; {@code absent} when the member is. */
    public long number(String name, long absent, long least, long most) throws InvalidTriggerException {
        if (!has(name)) {
            return absent;
        }
        JsonNode number = members.get(name);
        if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < least || number.longValue() > most) {
            throw invalid("`" + name + "` must be an integer from " + least + " to " + most);
        }
        return number.longValue();
    }

    /** One of these; null when the member is absent. */
    public @Nullable String choice(String name, String... allowed) throws InvalidTriggerException {
        String chosen = text(name);
        if (chosen != null && !List.of(allowed).contains(chosen)) {
            throw invalid("`" + name + "` must be " + String.join(", ", allowed));
        }
        return chosen;
    }

    /**
     * The members of an object; none when the member is absent.
     *
     * @param known all that it may have
     */
    public TriggerMembers object(String name, String... known) throws InvalidTriggerException {
        JsonNode object = members.path(name);
        if (has(name) && !object.isObject()) {
            throw invalid("`" + name + "` must be an object");
        }
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String member = names.next();
            if (!List.of(known).contains(member)) {
                throw invalid("`" + name + "` has no member `" + member + "`; it has " + String.join(", ", known));
            }
        }
        return new TriggerMembers(object, complaint + name + ": ");
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
