package io.iiikafka.sdk.state;

import java.util.List;

import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.internal.Reply;
import io.iiikafka.sdk.internal.Values;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;

/**
 * The engine's state: {@code new State(worker).scope("orders", Order.class)}. Shared by all workers; an answered write
 * survives the crash of any node (spec: state.md). Used by any number of threads.
 */
public final class State {

    private final Worker worker;

    public State(Worker worker) {
        this.worker = worker;
    }

    /** A scope whose values are of one type; it need not exist yet. */
    public <T> Scope<T> scope(String name, Class<T> type) {
        return new Scope<>(worker, name, type);
    }

    /** A scope of any JSON. */
    public Scope<RawJson> scope(String name) {
        return scope(name, RawJson.class);
    }

    /** Names of the scopes that hold something, sorted (spec: state.md 3.6). */
    public List<String> scopes() {
        return scopes("");
    }

    /** Those that begin so. */
    public List<String> scopes(String prefix) {
        RawJson request = JsonBuilder.object().member("prefix", prefix).build();
        return Values.names(new Reply(worker, worker.trigger("state::list_groups", request))
                .raw("groups"));
    }
}
