package io.iiikafka.gateway.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.condition.Condition;
import io.iiikafka.topology.condition.InvalidConditionException;
import io.iiikafka.topology.condition.Subject;
import org.jspecify.annotations.Nullable;

/**
 * What join triggers let a subscription see (spec: stream.md 13.8): everything that all their conditions are true of. The
 * new value is, of a deletion, the value that was deleted, so that who saw an item sees its end; there is no old value.
 *
 * @param texts of the conditions, for the keeper, which sifts what is there when somebody joins
 */
record JoinFilter(List<String> texts, List<Condition> conditions) {

    /** Lets everything through. */
    static final JoinFilter OPEN = new JoinFilter(List.of(), List.of());

    private static final Map<String, String> EVENT_TYPES =
            Map.of(Frame.CREATE, "created", Frame.UPDATE, "updated", Frame.DELETE, "deleted", Frame.EVENT, "event");

    JoinFilter and(String text) throws InvalidConditionException {
        List<String> allTexts = new ArrayList<>(texts);
        allTexts.add(text);
        List<Condition> all = new ArrayList<>(conditions);
        all.add(Condition.compile(text, Subject.STREAM));
        return new JoinFilter(List.copyOf(allTexts), List.copyOf(all));
    }

    boolean isOpen() {
        return conditions.isEmpty();
    }

    boolean passes(Frame frame) {
        return isOpen() || passes(frame.group(), frame.id(), frame.type(), frame.event());
    }

    private boolean passes(GroupId group, @Nullable String id, @Nullable String type, Map<String, RawJson> event) {
        Map<String, String> names = names(group, id);
        if (type != null) {
            names.put("event_type", EVENT_TYPES.getOrDefault(type, type));
        }
        RawJson value = event.get("data");
        RawJson sent = event.get("event");
        if (sent != null) {
            Map<String, RawJson> inner = new HashMap<>();
            sent.forEachMember(inner::put);
            value = inner.get("data");
            String custom = inner.getOrDefault("type", RawJson.NULL).text();
            if (custom != null) {
                names.put("custom_type", custom);
            }
        }
        return isTrue(value, names);
    }

    private static Map<String, String> names(GroupId group, @Nullable String id) {
        Map<String, String> names = new HashMap<>();
        names.put("stream_name", group.stream());
        names.put("group_id", group.group());
        if (id != null) {
            names.put("item_id", id);
        }
        return names;
    }

    private boolean isTrue(@Nullable RawJson value, Map<String, String> names) {
        return conditions.stream().allMatch(condition -> condition.isTrue(null, value, names));
    }

    /**
     * What a worker that keeps the stream says is there: an item's value, or all values, whose ids it does not say. All values
     * are an array, whatever the worker says.
     */
    RawJson sift(RawJson data, GroupId group, @Nullable String item) {
        Map<String, String> names = names(group, item);
        if (item != null) {
            return isTrue(data, names) ? data : RawJson.NULL;
        }
        boolean isArray = data.toString().startsWith("[");
        if (isArray && isOpen()) {
            return data;
        }
        JsonBuilder list = JsonBuilder.array();
        if (isArray) {
            data.forEachElement(value -> {
                if (isTrue(value, names)) {
                    list.element(value);
                }
            });
        }
        return list.build();
    }
}
