package io.iiikafka.topology.keeper.state;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.update.JsonTree;

/**
 * {@code state::read}: several keys, or a whole scope, each scope from one revision (spec: state.md 12.3). Scopes on
 * different partitions are each consistent, not with one another; so is a sharded scope with itself.
 */
final class StateRead extends StateFunction {

    StateRead(Partitioning partitioning) {
        super("state::read", "Read several keys as of one revision", partitioning);
    }

    @Override
    Placement placement(Input input, Partitioning partitions) {
        ReadRequest request = ReadRequest.of(input);
        String first = Partitioning.group(request.scopes().iterator().next());
        boolean oneGroup = request.scopes().stream().allMatch(scope -> Partitioning.group(scope).equals(first));
        boolean sharded = request.scopes().stream().anyMatch(partitions::isSharded);
        return oneGroup && !sharded || request.whole()
                ? new Placement.Owner(first)
                : new Placement.Everywhere(StateReadPart.ID, parts -> merge(request, parts));
    }

    /** Every partition has answered for all keys; the one that owns a key knows the most of it. */
    private static RawJson merge(ReadRequest request, List<RawJson> parts) {
        List<JsonNode> read = parts.stream().map(JsonTree::read).toList();
        JsonBuilder revisions = JsonBuilder.object();
        for (String scope : request.scopes()) {
            revisions.member(scope, read.stream()
                    .mapToLong(part -> part.path("revisions").path(scope).longValue())
                    .max()
                    .orElse(0));
        }
        JsonBuilder entries = JsonBuilder.array();
        for (int i = 0; i < request.keys().size(); i++) {
            JsonNode best = read.getFirst().path("entries").path(i);
            for (JsonNode part : read) {
                JsonNode entry = part.path("entries").path(i);
                boolean known = best.path("exists").booleanValue();
                if (!known && (entry.path("exists").booleanValue()
                        || entry.path("version").longValue() > best.path("version").longValue())) {
                    best = entry;
                }
            }
            entries.element(JsonTree.write(best));
        }
        return JsonBuilder.object()
                .member("revisions", revisions.build())
                .member("entries", entries.build())
                .build();
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        ReadRequest request = ReadRequest.of(input);
        if (request.whole() && request.scopes().stream().anyMatch(partitioning()::isSharded)) {
            throw new Refusal(
                    ErrorCode.CROSS_SCOPE,
                    "Scope '" + request.scopes().iterator().next()
                            + "' is sharded and has no revision as a whole; name the keys, or use state::list.");
        }
        return new Outcome.Success(request.answer(draft, draft.history()));
    }

    @Override
    public RawJson requestFormat() {
        return StateExtensionSchemas.READ_REQUEST;
    }

    @Override
    public RawJson responseFormat() {
        return StateExtensionSchemas.READ;
    }
}
