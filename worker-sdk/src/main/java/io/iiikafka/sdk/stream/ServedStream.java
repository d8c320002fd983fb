package io.iiikafka.sdk.stream;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.FunctionHandler;
import io.iiikafka.sdk.Registration;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.change.Change;
import io.iiikafka.sdk.internal.Reply;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;

/** The functions by which the engine reaches a worker's storage (spec: stream.md 4.1). */
final class ServedStream<T> {

    private final Worker worker;
    private final String stream;
    private final Class<T> type;
    private final StreamStorage<T> storage;

    ServedStream(Worker worker, String stream, Class<T> type, StreamStorage<T> storage) {
        this.worker = worker;
        this.stream = stream;
        this.type = type;
        this.storage = storage;
    }

    List<Registration> register() {
        return List.of(
                serve("get", request -> worker.write(storage.get(group(request), id(request)))),
                serve("set", request -> {
                    T item = request.value("data", type);
                    Change<T> change = storage.set(group(request), id(request), item);
                    return old(change.before()).member("new_value", worker.write(change.after())).build();
                }),
                serve("delete", request -> old(storage.delete(group(request), id(request))).build()),
                serve("list", request -> {
                    JsonBuilder items = JsonBuilder.array();
                    storage.list(group(request)).forEach(item -> items.element(worker.write(item)));
                    return items.build();
                }),
                serve("list_groups", request -> worker.write(storage.groups())));
    }

    private Registration serve(String operation, FunctionHandler<Reply, RawJson> answer) {
        return worker.function(
                "stream::" + operation + "(" + stream + ")", request -> answer.handle(new Reply(worker, request)));
    }

    private JsonBuilder old(@Nullable T before) {
        return JsonBuilder.object().member("old_value", worker.write(before));
    }

    private static String group(Reply request) {
        return request.name("group_id");
    }

    private static String id(Reply request) {
        return request.name("item_id");
    }
}
