package io.iiikafka.topology.queue;

import java.util.Map;
import java.util.TreeMap;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/** Members of payloads that the settings of a queue name (spec: queue.md 5.2, 8.1). */
public final class PayloadField {

    private PayloadField() {}

    /** The top-level member, or what a dotted path leads to; null when there is none. */
    public static @Nullable RawJson find(RawJson data, String field) {
        RawJson top = member(data, field);
        if (top != null || field.indexOf('.') < 0) {
            return top;
        }
        RawJson at = data;
        for (String name : field.split("\\.", -1)) {
            at = at == null ? null : member(at, name);
        }
        return at;
    }

    private static @Nullable RawJson member(RawJson object, String name) {
        RawJson[] found = new RawJson[1];
        object.forEachMember((each, value) -> {
            if (each.equals(name)) {
                found[0] = value;
            }
        });
        return found[0];
    }

    /** What names a group: texts as they are, numbers and booleans as they are written, others as compact JSON with sorted keys. */
    public static String text(RawJson value) {
        String text = value.text();
        return text == null ? sorted(value).toString() : text;
    }

    private static RawJson sorted(RawJson value) {
        if (value.isObject()) {
            Map<String, RawJson> members = new TreeMap<>();
            value.forEachMember(members::put);
            JsonBuilder object = JsonBuilder.object(value.length());
            members.forEach((name, each) -> object.member(name, sorted(each)));
            return object.build();
        }
        if (value.toString().startsWith("[")) {
            JsonBuilder array = JsonBuilder.array(value.length());
            value.forEachElement(each -> array.element(sorted(each)));
            return array.build();
        }
        return value;
    }
}
