package io.iiikafka.topology.keeper.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * {@code state::fork}: a view of a scope that can be written without it (spec: state.md 12.4). It costs the same for any
 * scope: values are kept for it when they are changed later. A fork of the past costs what was changed since.
 */
final class StateFork extends ForkFunction {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final long LONGEST_MS = 366L * 86_400_000;
    private static final int MOST_DUE = 10_000;

    StateFork(Partitioning partitioning) {
        super("state::fork", "Branch a scope off", partitioning);
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        String parent = input.text("scope");
        String name = input.optionalText("name");
        if (name != null && !NAME.matcher(name).matches()) {
            throw input.misfit("`name` must have 1 to 64 letters, digits, `.`, `_` or `-`");
        }
        if (partitioning().isSharded(parent)) {
            throw new Refusal(ErrorCode.CROSS_SCOPE, "Scope '" + parent + "' is sharded and cannot be forked.");
        }
        String scope = parent + Fork.SEPARATOR + (name == null ? random(command) : name);
        checkFree(scope, draft);
        Fork grown = Fork.find(draft, parent);
        int depth = grown == null ? 1 : grown.depth() + 1;
        if (depth > Fork.DEEPEST) {
            throw new Refusal(
                    ErrorCode.FORK_DEPTH, "'" + parent + "' is a fork " + Fork.DEEPEST + " deep; merge before you fork it.");
        }
        if (input.find("at_revision") == null) {
            Expiry.run(draft, parent, MOST_DUE); // else the fork would show for good what is over
        }
        ScopeInfo counters = draft.scope(parent);
        long base = input.integer("at_revision", 0, counters.revision(), counters.revision());
        if (base < counters.revision()) {
            keepPast(parent, grown != null, base, draft, draft.history());
        }
        Fork fork = new Fork(
                scope, parent, base, depth, draft.nowMs(), input.integer("ttl_ms", 1, LONGEST_MS, 0), draft.nowMs(),
                metadata(input));
        fork.note(draft);
        draft.count(parent, counters.withPinned(Math.max(counters.pinned(), base)));
        ScopeInfo before = draft.scope(scope);
        long revision = Math.max(before.revision(), base);
        draft.count(
                scope,
                new ScopeInfo(
                        0, counters.lastOrder(), revision, before.floor(), 0, revision, revision, before.removed()));
        return new Outcome.Success(JsonBuilder.object()
                .member("scope", scope)
                .member("parent", parent)
                .member("base_revision", base)
                .member("created_at", draft.nowMs())
                .build());
    }

    /** The same whenever the command is run again. */
    private static String random(Command command) {
        return UUID.nameUUIDFromBytes(command.position().getBytes(UTF_8)).toString();
    }

    private static @Nullable RawJson metadata(Input input) {
        RawJson metadata = input.find("metadata");
        return metadata == null || metadata.isNull() ? null : metadata;
    }

    private static void checkFree(String scope, StateDraft draft) {
        if (Fork.find(draft, scope) != null || draft.scope(scope).keys() > 0 || ForkRemains.areOf(draft, scope)) {
            throw new Refusal(ErrorCode.FORK_EXISTS, "The name '" + scope + "' is in use; choose another.");
        }
    }

    /** Keeps what each key was at that revision, if it has been changed since. */
    private static void keepPast(
            String parent, boolean parentIsFork, long base, StateDraft draft, HistoryStore history) {
        Past.Moment moment = new Past.Revision(base);
        if (!moment.isKept(draft.scope(parent))) {
            throw Past.gone(parent);
        }
        for (Map.Entry<String, JsonNode> change : new Past(draft, history).firstAfter(parent, moment).entrySet()) {
            JsonNode record = change.getValue();
            StateEntry before = ChangeRecord.before(record);
            if (before != null && before.revision() <= base) {
                new Kept(before, before.revision(), record.path("revision").longValue())
                        .note(draft, new StateKey(parent, change.getKey()));
            } else if (ChangeRecord.existedBefore(record)) {
                throw Past.gone(parent);
            } else if (parentIsFork) { // its own parent may show the key
                new Kept(null, base, record.path("revision").longValue()).note(draft, new StateKey(parent, change.getKey()));
            }
        }
    }

    @Override
    public RawJson requestFormat() {
        return StateExtensionSchemas.FORK_REQUEST;
    }

    @Override
    public RawJson responseFormat() {
        return StateExtensionSchemas.FORK;
    }
}
