package io.iiikafka.sdk.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.protocol.RawJson;

/** An object that the engine sent, whose members are bound as the worker binds payloads. */
public final class Reply {

    private final Worker worker;
    private final RawJson json;
    private final Map<String, RawJson> members = new HashMap<>();

    public Reply(Worker worker, RawJson json) {
        this.worker = worker;
        this.json = json;
        json.forEachMember(members::put);
    }

    /** The elements of an array of objects. */
    public static List<Reply> all(Worker worker, RawJson array) {
        List<Reply> all = new ArrayList<>();
        array.forEachElement(element -> all.add(new Reply(worker, element)));
        return all;
    }

    public RawJson json() {
        return json;
    }

    /** {@code null} for a member that is not there. */
    public RawJson raw(String member) {
        return members.getOrDefault(member, RawJson.NULL);
    }

    /** Null for what is not there or null, unless raw JSON is wanted. */
    public <T> @Nullable T value(String member, Class<T> type) {
        return worker.read(raw(member), type);
    }

    public @Nullable String text(String member) {
        return raw(member).text();
    }

    /** A text that the engine always sends. */
    public String name(String member) {
        String text = text(member);
        if (text == null) {
            throw new IllegalStateException("`" + member + "` is missing in what the engine sent");
        }
        return text;
    }

    /** 0 for what is not there or null. */
    public long number(String member) {
        RawJson value = raw(member);
        return value.isNull() ? 0 : value.as(Long.class);
    }

    public boolean flag(String member) {
        return raw(member).toString().equals("true");
    }

    /** The elements of an array of objects; none when it is not there. */
    public List<Reply> objects(String member) {
        return all(worker, raw(member));
    }

    public Reply object(String member) {
        return new Reply(worker, raw(member));
    }
}
