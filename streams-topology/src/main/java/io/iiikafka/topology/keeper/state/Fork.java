package io.iiikafka.topology.keeper.state;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Due;
import io.iiikafka.topology.update.JsonTree;
import org.jspecify.annotations.Nullable;

/**
 * A scope that shows another as it was at one revision, where it has no values of its own (spec: state.md 12.4).
 *
 * @param parent the other scope
 * @param base the revision of the parent that it shows
 * @param depth 1: the parent is no fork
 * @param ttlMs how long it stays without being used; 0: for good
 * @param usedAtMs when it was used last, within a tenth of that time
 * @param metadata of who made it
 */
record Fork(
        String scope,
        String parent,
        long base,
        int depth,
        long createdAtMs,
        long ttlMs,
        long usedAtMs,
        @Nullable RawJson metadata) {

    static final int DEEPEST = 8;
    static final char SEPARATOR = '@';

    static final String NAME = "fork/";
    private static final String CHILDREN = "forks-of/";
    private static final String DUE = "fork-due/";

    /** What the scope is a fork of, if it is one. */
    static String parentIn(String scope) {
        return scope.substring(0, Math.max(0, scope.lastIndexOf(SEPARATOR)));
    }

    /** Null when the scope is none. */
    static @Nullable Fork find(StateView view, String scope) {
        return scope.indexOf(SEPARATOR) < 0 ? null : of(scope, view.note(NAME + scope));
    }

    /** As {@link #find(StateView, String)}, with what the draft has changed. */
    static @Nullable Fork find(StateDraft draft, String scope) {
        return scope.indexOf(SEPARATOR) < 0 ? null : of(scope, draft.note(NAME + scope));
    }

    private static @Nullable Fork of(String scope, @Nullable RawJson note) {
        if (note == null) {
            return null;
        }
        JsonNode read = JsonTree.read(note);
        JsonNode metadata = read.path("metadata");
        return new Fork(
                scope,
                read.path("parent").textValue(),
                read.path("base").longValue(),
                read.path("depth").intValue(),
                read.path("created_at").longValue(),
                read.path("ttl_ms").longValue(),
                read.path("used_at").longValue(),
                metadata.isMissingNode() || metadata.isNull() ? null : JsonTree.write(metadata));
    }

    void note(StateDraft draft) {
        draft.note(
                NAME + scope,
                JsonBuilder.object()
                        .member("parent", parent)
                        .member("base", base)
                        .member("depth", depth)
                        .member("created_at", createdAtMs)
                        .member("ttl_ms", ttlMs)
                        .member("used_at", usedAtMs)
                        .member("metadata", metadata)
                        .build());
        draft.note(child(), RawJson.of(Long.toString(base)));
        if (ttlMs > 0) {
            draft.note(Due.name(DUE, usedAtMs + ttlMs, scope), RawJson.NULL);
        }
    }

    /** The note under its parent, by which the parent finds it. */
    String child() {
        return childrenOf(parent) + scope;
    }

    static String childrenOf(String parent) {
        return CHILDREN + StateKey.prefixOf(parent);
    }

    void forget(StateDraft draft) {
        draft.note(NAME + scope, null);
        draft.note(child(), null);
        if (ttlMs > 0) {
            draft.note(Due.name(DUE, usedAtMs + ttlMs, scope), null);
        }
    }

    /** Notes that it is used, now and then. */
    void used(StateDraft draft) {
        if (ttlMs > 0 && draft.nowMs() - usedAtMs > ttlMs / 10) {
            draft.note(Due.name(DUE, usedAtMs + ttlMs, scope), null);
            renewed(draft.nowMs()).note(draft);
        }
    }

    Fork renewed(long nowMs) {
        return new Fork(scope, parent, base, depth, createdAtMs, ttlMs, nowMs, metadata);
    }

    static String scopeDue(String name) {
        return Due.what(DUE, name);
    }

    /** When what the note stands for is due; {@link Long#MAX_VALUE} when it is another note. */
    static long dueMs(String name) {
        return name.startsWith(DUE) ? Due.ms(DUE, name) : Long.MAX_VALUE;
    }

    boolean isOver(long nowMs) {
        return ttlMs > 0 && usedAtMs + ttlMs <= nowMs;
    }

    /** The notes of forks that may be over, as of now. */
    static List<String> due(StateView view, long nowMs, int most) {
        return view.notes(DUE, Due.name(DUE, nowMs + 1, ""), most);
    }
}
