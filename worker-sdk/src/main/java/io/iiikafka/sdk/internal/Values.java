package io.iiikafka.sdk.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.change.Change;
import io.iiikafka.sdk.change.UpdateError;
import io.iiikafka.sdk.protocol.RawJson;

/** What replies of state and streams have in common. */
public final class Values {

    private Values() {}

    public static <T> Change<T> change(Reply reply, Class<T> type) {
        List<UpdateError> errors = reply.objects("errors").stream()
                .map(error -> new UpdateError(
                        (int) error.number("op_index"), error.name("code"), error.name("message")))
                .toList();
        return new Change<>(reply.value("old_value", type), reply.value("new_value", type), errors);
    }

    /** An array of values; those that are null come as null. */
    public static <T> List<@Nullable T> list(Worker worker, RawJson array, Class<T> type) {
        List<@Nullable T> values = new ArrayList<>();
        array.forEachElement(element -> values.add(worker.read(element, type)));
        return Collections.unmodifiableList(values);
    }

    public static List<String> names(RawJson array) {
        List<String> names = new ArrayList<>();
        array.forEachElement(element -> names.add(element.as(String.class)));
        return List.copyOf(names);
    }
}
