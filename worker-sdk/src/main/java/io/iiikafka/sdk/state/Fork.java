package io.iiikafka.sdk.state;

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.internal.Reply;
import io.iiikafka.sdk.internal.Values;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;

/**
 * A branch of a scope: it shows the scope as it was at {@link #baseRevision()}, with its own changes over it
 * (spec: state.md 12.4). To make one costs the same for any size of the scope. It lives until it is dropped or merged.
 */
public final class Fork<T> {

    /** What a merge does with keys that the parent has changed, too, since the fork was made. */
    public enum Strategy {
        /** Nothing is merged at all. */
        FAIL,
        /** The fork's values are written. */
        FORK_WINS,
        /** The parent's values stay. */
        PARENT_WINS
    }

    /** @param kind {@code added}, {@code changed} or {@code removed} */
    public record Difference<T>(String key, String kind, @Nullable T from, @Nullable T to) {}

    /** @param conflicts keys that the parent has changed, too */
    public record Differences<T>(List<Difference<T>> changes, List<String> conflicts) {

        public Differences {
            changes = List.copyOf(changes);
            conflicts = List.copyOf(conflicts);
        }
    }

    /**
     * @param merged false: nothing is changed, because of the conflicts
     * @param applied keys that were written
     */
    public record Merge(boolean merged, List<String> applied, List<String> conflicts) {

        public Merge {
            applied = List.copyOf(applied);
            conflicts = List.copyOf(conflicts);
        }
    }

    private final Worker worker;
    private final Scope<T> scope;
    private final Class<T> type;
    private final long baseRevision;

    Fork(Worker worker, Scope<T> scope, Class<T> type, long baseRevision) {
        this.worker = worker;
        this.scope = scope;
        this.type = type;
        this.baseRevision = baseRevision;
    }

    /** Reads and writes the fork; its name is that of the parent, {@code @} and the fork's. */
    public Scope<T> scope() {
        return scope;
    }

    /** The parent's, which the fork shows. */
    public long baseRevision() {
        return baseRevision;
    }

    /** What the fork changed since it was made. */
    public Differences<T> diff() {
        Reply reply = reply("diff", here());
        return new Differences<>(
                reply.objects("changes").stream()
                        .map(change -> new Difference<>(
                                change.name("key"),
                                change.name("kind"),
                                change.value("from", type),
                                change.value("to", type)))
                        .toList(),
                Values.names(reply.raw("conflicts")));
    }

    /** Writes what the fork changed to its parent, as one transaction, and drops the fork if that was done. */
    public Merge merge(Strategy strategy) {
        Reply reply = reply("merge_fork", here().member("strategy", strategy.name().toLowerCase(Locale.ROOT)));
        return new Merge(reply.flag("merged"), Values.names(reply.raw("applied")), Values.names(reply.raw("conflicts")));
    }

    /** Forgets the fork and its changes; fails with {@code FORK_NOT_FOUND} when there is no such fork any more. */
    public void drop() {
        reply("drop_fork", here());
    }

    private JsonBuilder here() {
        return JsonBuilder.object().member("scope", scope.name());
    }

    private Reply reply(String function, JsonBuilder request) {
        RawJson answer = worker.trigger("state::" + function, request.build());
        return new Reply(worker, answer);
    }
}
