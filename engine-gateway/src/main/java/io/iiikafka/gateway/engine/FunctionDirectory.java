package io.iiikafka.gateway.engine;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.invocation.EngineFunction;
import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.FunctionKey;
import io.iiikafka.topology.catalog.Member;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/** All functions that can be called, whoever serves them. */
public final class FunctionDirectory {

    /**
     * @param workerName who serves it, as lists show it (spec: protocol.md 6.1)
     */
    record Entry(
            FunctionKey key,
            String workerName,
            @Nullable String description,
            @Nullable RawJson requestSchema,
            @Nullable RawJson responseSchema,
            @Nullable RawJson metadata) {

        /** Hidden from lists unless asked for. */
        boolean internal() {
            boolean engine = key.id().startsWith("engine::") && !key.id().startsWith("engine::queue::");
            return engine
                    || metadata != null
                            && metadata.isObject()
                            && metadata.toTree().path("internal").asBoolean(false);
        }
    }

    private final Catalog catalog;
    private final EngineInvoker invoker;

    public FunctionDirectory(Catalog catalog, EngineInvoker invoker) {
        this.catalog = catalog;
        this.invoker = invoker;
    }

    Stream<Entry> all() {
        Stream.Builder<Entry> own = Stream.builder();
        invoker.engineFunctions().forEach(function -> own.add(entry(function)));
        invoker.keeperFunctions().forEach(function -> own.add(entry(function)));
        return Stream.concat(own.build(), catalog.functionKeys().flatMap(key -> find(key).stream()));
    }

    /** All rows of {@code engine::functions::list}, internal ones included. */
    public JsonNode allRows() {
        return Json.array(all().map(Rows::function).toList());
    }

    Optional<Entry> find(FunctionKey key) {
        EngineFunction own = invoker.engineFunction(key.namespace(), key.id());
        if (own != null) {
            return Optional.of(entry(own));
        }
        KeeperFunction kept = invoker.keeperFunction(key.namespace(), key.id());
        if (kept != null) {
            return Optional.of(entry(kept));
        }
        List<Member> members = catalog.members(key);
        if (members.isEmpty()) {
            return Optional.empty();
        }
        // The replica that registered last describes the function.
        CatalogEntry.Function function = members.getLast().function();
        return Optional.of(new Entry(
                key,
                owner(members.getFirst().worker(), key.id()),
                function.description(),
                function.requestFormat(),
                function.responseFormat(),
                function.metadata()));
    }

    private static Entry entry(EngineFunction function) {
        return new Entry(
                new FunctionKey(Call.DEFAULT_NAMESPACE, function.id()),
                function.workerName(),
                function.description(),
                function.requestFormat(),
                EngineFunction.ANY_OBJECT,
                function.metadata());
    }

    private static Entry entry(KeeperFunction function) {
        return new Entry(
                new FunctionKey(Call.DEFAULT_NAMESPACE, function.id()),
                function.workerName(),
                function.description(),
                function.requestFormat(),
                function.responseFormat(),
                function.metadata());
    }

    /** The name shown for the owner of a function. */
    String ownerOf(String namespace, String functionId) {
        return find(new FunctionKey(namespace, functionId)).map(Entry::workerName).orElseGet(() -> service(functionId));
    }

    private static String owner(CatalogEntry.Worker worker, String functionId) {
        return worker.name() == null ? service(functionId) : worker.name();
    }

    private static String service(String functionId) {
        return functionId.split("::", 2)[0];
    }

    /**
     * Finds a function by id alone: the one in the given namespace, else in {@code default}, else the only one
     * (spec: protocol.md 6.3).
     */
    Entry resolve(String functionId, @Nullable String namespace) {
        List<String> having = Stream.concat(
                        isOurs(functionId) ? Stream.of(Call.DEFAULT_NAMESPACE) : Stream.empty(),
                        catalog.namespacesOf(functionId).stream())
                .distinct()
                .sorted()
                .toList();
        String wanted = namespace != null
                ? namespace
                : having.contains(Call.DEFAULT_NAMESPACE) || having.size() != 1
                        ? Call.DEFAULT_NAMESPACE
                        : having.getFirst();
        return find(new FunctionKey(wanted, functionId)).orElseThrow(() -> notFound(functionId, having));
    }

    private boolean isOurs(String functionId) {
        return invoker.engineFunction(Call.DEFAULT_NAMESPACE, functionId) != null
                || invoker.keeperFunction(Call.DEFAULT_NAMESPACE, functionId) != null;
    }

    private static Refusal notFound(String functionId, List<String> having) {
        return Refusal.of(
                ErrorCode.NOT_FOUND,
                having.isEmpty()
                        ? "Function '" + functionId + "' is not registered."
                        : "Function '" + functionId + "' is ambiguous: it is registered in namespace(s): "
                                + String.join(", ", having) + ". Pass `namespace` to select one.");
    }
}
