package io.iiikafka.gateway.provided;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.iiikafka.gateway.invocation.Detour;
import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.gateway.invocation.OutcomeHandler;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/**
 * {@code stream::list_all} with the streams that workers keep, and the groups that they name within two seconds: none where
 * the worker does not tell (spec: stream.md 4.3).
 */
final class ProvidedList implements Detour {

    static final String FUNCTION = "stream::list_all";

    private static final long PATIENCE_MS = 2_000;
    private static final Comparator<String> BY_CODE_POINT =
            (one, other) -> Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray());

    private final Vertx vertx;
    private final ProvidedStreams streams;
    private final EngineInvoker invoker;

    ProvidedList(Vertx vertx, ProvidedStreams streams, EngineInvoker invoker) {
        this.vertx = vertx;
        this.streams = streams;
        this.invoker = invoker;
    }

    @Override
    public boolean takes(Call call, OutcomeHandler handler) {
        List<String> names = streams.providers().streams().toList();
        if (names.isEmpty()) {
            return false;
        }
        Promise<Outcome> own = Promise.promise();
        invoker.command(requireNonNull(invoker.keeperFunction(call.namespace(), FUNCTION)), call, own::complete);
        List<Future<JsonNode>> asked = names.stream().map(name -> groups(name, call)).toList();
        Future.join(new ArrayList<>(asked)).onComplete(all -> own.future().onSuccess(outcome -> handler.ended(switch (outcome) {
            case Outcome.Failure failure -> failure;
            case Outcome.Success success -> new Outcome.Success(merged(requireNonNull(success.value()), names, asked));
        })));
        return true;
    }

    private Future<JsonNode> groups(String stream, Call call) {
        if (!streams.providers().serves(Operation.LIST_GROUPS.of(stream))) {
            return Future.failedFuture("not served");
        }
        Promise<JsonNode> promise = Promise.promise();
        RawJson request = JsonBuilder.object().member("stream_name", stream).build();
        streams.ask(Operation.LIST_GROUPS.of(stream), request, call).onSuccess(outcome -> {
            if (outcome instanceof Outcome.Success success && success.value() != null) {
                promise.tryComplete(success.value().toTree());
            } else {
                promise.tryFail("no groups");
            }
        });
        long timer = vertx.setTimer(PATIENCE_MS, late -> promise.tryFail("timeout"));
        return promise.future().onComplete(any -> vertx.cancelTimer(timer));
    }

    private static RawJson merged(RawJson own, List<String> names, List<Future<JsonNode>> asked) {
        SortedMap<String, TreeSet<String>> streams = new TreeMap<>(BY_CODE_POINT);
        own.toTree().path("stream").forEach(entry -> add(streams, entry.path("id").textValue(), entry.path("groups")));
        for (int i = 0; i < names.size(); i++) {
            add(streams, names.get(i), asked.get(i).succeeded() ? asked.get(i).result() : MissingNode.getInstance());
        }
        JsonBuilder list = JsonBuilder.array();
        streams.forEach((name, groups) -> {
            JsonBuilder ids = JsonBuilder.array();
            groups.forEach(ids::element);
            list.element(JsonBuilder.object().member("id", name).member("groups", ids.build()).build());
        });
        return JsonBuilder.object()
                .member("stream", list.build())
                .member("count", streams.size())
                .build();
    }

    private static void add(SortedMap<String, TreeSet<String>> streams, String name, JsonNode groups) {
        TreeSet<String> ids = streams.computeIfAbsent(name, absent -> new TreeSet<>(BY_CODE_POINT));
        groups.forEach(group -> {
            if (group.isTextual()) {
                ids.add(group.textValue());
            }
        });
    }
}
