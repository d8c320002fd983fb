package io.iiikafka.topology.keeper.stream;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** A function on the log of a group. */
abstract class LogFunction extends StreamFunction {

    private static final Set<String> TYPES =
            Set.of(StreamEvent.CREATE, StreamEvent.UPDATE, StreamEvent.DELETE, StreamEvent.SENT);

    private final ReplaySettings settings;

    LogFunction(
            String id, String description, RawJson request, @Nullable RawJson response, ReplaySettings settings) {
        super(id, description, request, response);
        this.settings = settings;
    }

    @Override
    final Outcome decide(Input input, StreamDraft draft) {
        StreamGroup group = group(input);
        ReplayRule rule = ruleOf(group.stream(), settings);
        StreamLog log = draft.stores().log();
        return decide(
                input, draft, group, StreamLog.Bounds.of(log, group, draft.group(group), rule, draft.nowMs()));
    }

    /** @throws Refusal when no log is kept of the stream */
    static ReplayRule ruleOf(String stream, ReplaySettings settings) {
        ReplayRule rule = settings.of(stream);
        if (!rule.enabled()) {
            throw new Refusal(
                    ErrorCode.REPLAY_DISABLED,
                    "No log is kept of stream '" + stream + "'; see `replay` in the configuration of iii-stream.");
        }
        return rule;
    }

    abstract Outcome decide(Input input, StreamDraft draft, StreamGroup group, StreamLog.Bounds bounds);

    /** Event types; empty: all. */
    static Set<String> types(Input input) {
        Set<String> types = new HashSet<>();
        List<RawJson> given = input.elements("types");
        given.forEach(type -> types.add(input.element("types", type)));
        if (!TYPES.containsAll(types)) {
            throw input.misfit("`types` must be an array of create, update, delete, event");
        }
        return types;
    }
}
