package io.iiikafka.topology.keeper;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/**
 * The payload of a call, an object, member by member. Values stay slices of it; of members with the same name the last
 * counts; what does not fit is refused as {@code deserialization_error} (spec: state.md 2.2 to 2.4).
 */
public final class Input {

    /**
     * Names become keys, and stand in several records: each of these must stay one that Kafka takes. A cursor holds a name,
     * and is in none.
     */
    private static final int LONGEST_NAME = 256 * 1024;

    private static final String CURSOR = "cursor";

    private final String functionId;
    private final Map<String, RawJson> members;
    private final int longest;

    private Input(String functionId, Map<String, RawJson> members, int longest) {
        this.functionId = functionId;
        this.members = members;
        this.longest = longest;
    }

    /**
     * The objects in an array, each an input of its own; none when the member is absent or {@code null}.
     *
     * @throws Refusal when it is no array of objects
     */
    public List<Input> objects(String name) {
        List<Input> objects = new ArrayList<>();
        for (RawJson element : elements(name)) {
            objects.add(object(name + "[" + objects.size() + "]", element));
        }
        return objects;
    }

    /** What stands within this input, read as an input of its own; errors name where it is. */
    public Input object(String where, RawJson object) {
        if (!object.isObject()) {
            throw misfit("invalid type for `" + where + "`: " + JsonKind.described(object) + ", expected an object");
        }
        Map<String, RawJson> inner = new HashMap<>();
        try {
            object.forEachMember(inner::put);
        } catch (IllegalStateException e) {
            throw misfit("not well-formed JSON at `" + where + "`");
        }
        return new Input(functionId + ": " + where, inner, longest);
    }

    /**
     * The elements of an array as they stand there; none when the member is absent or {@code null}.
     *
     * @throws Refusal when it is no array
     */
    public List<RawJson> elements(String name) {
        RawJson value = members.get(name);
        List<RawJson> elements = new ArrayList<>();
        if (value != null && !value.isNull()) {
            if (!value.toString().startsWith("[")) {
                throw misfit("invalid type for `" + name + "`: " + JsonKind.described(value) + ", expected an array");
            }
            value.forEachElement(elements::add);
        }
        return elements;
    }

    /** The text in an element of an array. */
    public String element(String name, RawJson element) {
        return text(name, element);
    }

    /**
     * Its texts are names and the like: what is longer than 256 KiB is refused as {@code payload_too_large}.
     *
     * @throws Refusal when it is not an object
     */
    public static Input of(Call call) {
        RawJson data = call.data() == null ? RawJson.NULL : call.data();
        Map<String, RawJson> members = new HashMap<>();
        Input input = new Input(call.functionId(), members, LONGEST_NAME);
        if (!data.isObject()) {
            throw input.misfit("invalid type: " + JsonKind.described(data) + ", expected an object");
        }
        try {
            data.forEachMember(members::put);
        } catch (IllegalStateException e) {
            throw input.misfit("not well-formed JSON"); // written by somebody else than a gateway
        }
        return input;
    }

    /**
     * Reads an object that the engine wrote itself.
     *
     * @param what for messages
     */
    public static Input of(String what, RawJson object) {
        Map<String, RawJson> members = new HashMap<>();
        object.forEachMember(members::put);
        return new Input(what, members, Integer.MAX_VALUE);
    }

    /** @throws Refusal when there are members of other names */
    public void only(Set<String> names) {
        for (String name : members.keySet()) {
            if (!names.contains(name)) {
                throw misfit("unknown field `" + name + "`");
            }
        }
    }

    /** All members, in any order. */
    public RawJson json() {
        JsonBuilder json = JsonBuilder.object();
        members.forEach(json::member);
        return json.build();
    }

    /** A refusal that says what does not fit. */
    public Refusal misfit(String detail) {
        return new Refusal(
                ErrorCode.DESERIALIZATION_ERROR, "Failed to deserialize input for " + functionId + ": " + detail);
    }

    /** The member as it stands there; null when it is absent. */
    public @Nullable RawJson find(String name) {
        return members.get(name);
    }

    /** The member as it stands there, be it {@code null}. */
    public RawJson require(String name) {
        RawJson value = members.get(name);
        if (value == null) {
            throw misfit("missing field `" + name + "`");
        }
        return value;
    }

    public String text(String name) {
        return text(name, require(name));
    }

    /** The text; null when the member is absent or {@code null}. */
    public @Nullable String optionalText(String name) {
        RawJson value = members.get(name);
        return value == null || value.isNull() ? null : text(name, value);
    }

    /** False when the member is absent or {@code null}. */
    public boolean flag(String name) {
        return flag(name, false);
    }

    /** The fallback when the member is absent or {@code null}. */
    public boolean flag(String name, boolean fallback) {
        RawJson value = members.get(name);
        if (value == null || value.isNull()) {
            return fallback;
        }
        if (value.isFalse()) {
            return false;
        }
        if (!value.toString().equals("true")) {
            throw misfit("invalid type for `" + name + "`: " + JsonKind.described(value) + ", expected a boolean");
        }
        return true;
    }

    /** A whole number within bounds; the fallback when the member is absent or {@code null}. */
    public long integer(String name, long least, long most, long fallback) {
        RawJson value = members.get(name);
        if (value == null || value.isNull()) {
            return fallback;
        }
        String text = value.length() > 20 ? "" : value.toString();
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // answered below
        }
        throw misfit("invalid value for `" + name + "`: " + JsonKind.described(value) + ", expected an integer from "
                + least + " to " + most);
    }

    private String text(String name, RawJson value) {
        if (value.length() > longest && !name.equals(CURSOR)) {
            throw new Refusal(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "`" + name + "` of " + functionId + " takes " + value.length() + " bytes, the limit is " + longest
                            + "; nothing was changed.");
        }
        String text = value.text();
        if (text == null) {
            throw misfit("invalid type for `" + name + "`: " + JsonKind.described(value) + ", expected a string");
        }
        if (!isUnicode(text)) {
            throw misfit("`" + name + "` holds half of a surrogate pair, which is not a character");
        }
        return text;
    }

    /** UTF-8, the form of record keys, has no lone surrogates: two different texts would become one key. */
    private static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }
}
