package io.iiikafka.gateway.state;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.catalog.CatalogWriter;
import io.iiikafka.gateway.invocation.EngineFunction;
import io.iiikafka.gateway.invocation.Invoker;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.state.StateClaim;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;

/**
 * {@code state::claim-namespace}: {@code {"functions_prefix":"harness","scopes":["harness_x"]}} makes scopes private to
 * the workers of that name (spec: state.md 7.5). The keeper decides, the catalog tells everybody; it is answered when this
 * gateway and all calls through it know.
 */
public final class ClaimNamespace implements EngineFunction {

    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_-]+");
    private static final RawJson REQUEST = RawJson.of("{\"$schema\":\"http://json-schema.org/draft-07/schema#\","
            + "\"type\":\"object\",\"properties\":{\"functions_prefix\":{\"type\":\"string\","
            + "\"description\":\"Name of the claiming worker\"},\"scopes\":{\"type\":\"array\","
            + "\"items\":{\"type\":\"string\"}}},\"required\":[\"functions_prefix\",\"scopes\"]}");

    private final Invoker invoker;
    private final Catalog catalog;
    private final CatalogWriter writer;

    public ClaimNamespace(Invoker invoker, Catalog catalog, CatalogWriter writer) {
        this.invoker = invoker;
        this.catalog = catalog;
        this.writer = writer;
    }

    @Override
    public String id() {
        return "state::claim-namespace";
    }

    @Override
    public String workerName() {
        return "iii-state";
    }

    @Override
    public String description() {
        return "Make scopes private to the workers of one name";
    }

    @Override
    public RawJson requestFormat() {
        return REQUEST;
    }

    @Override
    public Future<Outcome> call(Call call) {
        try {
            Input input = Input.of(call);
            String prefix = input.text("functions_prefix");
            input.require("scopes");
            for (RawJson scope : input.elements("scopes")) {
                input.element("scopes", scope);
            }
            authorize(prefix, call);
            return invoker.invoke(claim(call)).compose(outcome -> switch (outcome) {
                case Outcome.Failure failure -> Future.succeededFuture(failure);
                case Outcome.Success success -> publish(prefix, requireNonNull(success.value()));
            });
        } catch (Refusal refusal) {
            return Future.succeededFuture(refusal.outcome());
        }
    }

    private void authorize(String prefix, Call call) {
        if (!PREFIX.matcher(prefix).matches()) {
            throw refusal(ErrorCode.INVALID_PREFIX, "'" + prefix + "' must consist of letters, digits, _ and -");
        }
        if (call.callerWorkerId() == null) {
            throw refusal(ErrorCode.UNKNOWN_CALLER, "scopes are claimed by connected workers");
        }
        CatalogEntry.Worker worker = catalog.worker(call.callerWorkerId());
        if (worker == null) {
            throw refusal(ErrorCode.CALLER_LOOKUP_ERROR, "the calling worker is not in the catalog; repeat the call");
        }
        if (!prefix.equals(worker.name())) {
            throw refusal(
                    ErrorCode.FORBIDDEN,
                    "functions_prefix '" + prefix + "' is not the name of the calling worker, '" + worker.name() + "'");
        }
    }

    private static Refusal refusal(ErrorCode code, String what) {
        return new Refusal(code, code.code() + ": " + what);
    }

    private static Call claim(Call call) {
        return new Call(
                UUID.randomUUID().toString(),
                StateClaim.ID,
                Call.DEFAULT_NAMESPACE,
                call.data(),
                null,
                true,
                null,
                call.traceparent(),
                call.baggage(),
                call.deadlineMs());
    }

    /** Published again at each claim, be it a repeat: the one before may not have come to it. */
    private Future<Outcome> publish(String prefix, RawJson decided) {
        JsonNode decision = decided.toTree();
        List<String> scopes = decision.path("scopes").valueStream().map(JsonNode::textValue).toList();
        JsonBuilder functions = JsonBuilder.array();
        Stream.of("get", "list", "compare-and-set", "list_keys", "list_entries")
                .forEach(name -> functions.element(prefix + "::state::" + name));
        Outcome answer = new Outcome.Success(JsonBuilder.object()
                .member("claimed", decision.path("claimed").booleanValue())
                .member("scopes", RawJson.ofValue(scopes))
                .member("functions", functions.build())
                .build());
        return writer.put(new CatalogEntry.PrivateScopes(prefix, scopes))
                .map(answer)
                .otherwise(failure -> refusal(
                                ErrorCode.CLAIM_PERSIST_ERROR, "the claim was not published: " + failure.getMessage())
                        .outcome());
    }
}
