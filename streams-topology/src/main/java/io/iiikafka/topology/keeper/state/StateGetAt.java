package io.iiikafka.topology.keeper.state;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.update.JsonTree;
import org.jspecify.annotations.Nullable;

/** {@code state::get_at}: a value as it was at a revision, a version or a time (spec: state.md 12.5). */
final class StateGetAt extends StateFunction {

    private static final long LARGEST = 1L << 53;

    StateGetAt(Partitioning partitioning) {
        super("state::get_at", "Get a value as it was", partitioning);
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        HistoryStore history = draft.history();
        StateKey key = address(input);
        long revision = input.integer("revision", 0, LARGEST, -1);
        long version = input.integer("version", 0, LARGEST, -1);
        long time = input.integer("timestamp", 0, LARGEST, -1);
        if ((revision < 0 ? 0 : 1) + (version < 0 ? 0 : 1) + (time < 0 ? 0 : 1) != 1) {
            throw input.misfit("expected one of `revision`, `version`, `timestamp`");
        }
        if (version >= 0) {
            return reply(atVersion(key, version, draft, history), draft, key, version);
        }
        Past past = new Past(draft, history);
        Past.Moment moment = revision >= 0 ? new Past.Revision(revision) : new Past.Time(time);
        StateEntry entry = past.at(key, moment);
        return reply(entry, draft, key, entry == null ? past.version(key, moment) : entry.version());
    }

    private static @Nullable StateEntry atVersion(StateKey key, long version, StateDraft draft, HistoryStore history) {
        StateEntry current = draft.get(key);
        if (current != null && current.version() == version) {
            return current;
        }
        JsonNode[] found = new JsonNode[2];
        history.forEach(key, record -> {
            JsonNode read = JsonTree.read(record);
            found[0] = read.path("version").longValue() == version ? read : found[0];
            found[1] = read.path("was").path(0).longValue() == version ? read : found[1];
        });
        if (found[1] != null && ChangeRecord.hasValues(found[1])) {
            return ChangeRecord.before(found[1]);
        }
        boolean removed = found[0] != null && found[0].path("event_type").asText().equals(StateEvent.DELETED);
        if (!removed && version > 0) {
            throw Past.gone(key.scope());
        }
        return null;
    }

    private static Outcome reply(@Nullable StateEntry entry, StateDraft draft, StateKey key, long version) {
        return new Outcome.Success(JsonBuilder.object()
                .member("exists", entry != null)
                .member("value", entry == null ? RawJson.NULL : entry.value())
                .member("version", entry == null ? version : entry.version())
                .member("revision", entry == null ? draft.scope(key.scope()).revision() : entry.revision())
                .member("updated_at", entry == null ? RawJson.NULL : RawJson.of(Long.toString(entry.changedAtMs())))
                .build());
    }

    @Override
    public RawJson requestFormat() {
        return StateExtensionSchemas.GET_AT_REQUEST;
    }

    @Override
    public RawJson responseFormat() {
        return StateSchemas.VERSIONED;
    }
}
