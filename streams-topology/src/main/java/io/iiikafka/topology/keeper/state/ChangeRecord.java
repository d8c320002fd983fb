package io.iiikafka.topology.keeper.state;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.update.JsonTree;
import org.jspecify.annotations.Nullable;

/**
 * A change as it is kept: all members of state.md 12.5, and {@code was}: version, order, revision and time of the value
 * before, which replies leave out. {@code "truncated":true} stands for values that are too long to be kept, or not to be.
 */
final class ChangeRecord {

    /** Longer values are not kept beside the change. */
    private static final int LONGEST_VALUES = 1 << 20;

    private ChangeRecord() {}

    static RawJson of(StateChange change, String eventId, Command command, Catalog catalog, boolean values) {
        Call call = command.call();
        RawJson before = change.before() == null ? RawJson.NULL : change.before().value();
        RawJson after = change.after() == null ? RawJson.NULL : change.after().value();
        boolean kept = values && before.length() + after.length() <= LONGEST_VALUES;
        JsonBuilder record = JsonBuilder.object(512 + (kept ? before.length() + after.length() : 0))
                .member("event_id", eventId)
                .member("scope", change.key().scope())
                .member("key", change.key().key())
                .member("event_type", StateEvent.type(change))
                .member("revision", change.revision())
                .member("version", change.version())
                .member("timestamp", command.timestampMs())
                .member("op", change.op().text());
        if (kept) {
            record.member("old_value", before).member("new_value", after);
        } else {
            record.member("truncated", true);
        }
        record.member("actor", Actor.of(call, catalog));
        record.member("invocation_id", call.invocationId());
        if (call.traceparent() != null) {
            record.member("traceparent", call.traceparent());
        }
        record.member("cause", Cause.of(call).toJson());
        if (change.op() == Op.TRANSACT || change.op() == Op.MERGE) {
            record.member("tx_id", command.position());
        }
        if (change.op() == Op.MERGE) {
            record.member("merged_from", call.data() == null ? RawJson.NULL : scopeIn(call.data()));
        }
        if (change.before() != null) {
            record.member("was", was(change.before()));
        }
        return record.build();
    }

    private static RawJson scopeIn(RawJson data) {
        RawJson[] scope = {RawJson.NULL};
        data.forEachMember((name, value) -> scope[0] = name.equals("scope") ? value : scope[0]);
        return scope[0];
    }

    private static RawJson was(StateEntry before) {
        return JsonBuilder.array()
                .element(RawJson.of(Long.toString(before.version())))
                .element(RawJson.of(Long.toString(before.order())))
                .element(RawJson.of(Long.toString(before.revision())))
                .element(RawJson.of(Long.toString(before.changedAtMs())))
                .build();
    }

    /** The value before the change; null when there was none, or it was not kept. */
    static @Nullable StateEntry before(JsonNode record) {
        JsonNode was = record.path("was");
        return was.isMissingNode() || !hasValues(record)
                ? null
                : new StateEntry(
                        JsonTree.write(record.path("old_value")),
                        was.path(0).longValue(),
                        was.path(1).longValue(),
                        was.path(2).longValue(),
                        was.path(3).longValue(),
                        0);
    }

    /** The order of the value before the change; 0: there was none. */
    static long orderBefore(RawJson record) {
        return JsonTree.read(record).path("was").path(1).longValue();
    }

    static long version(RawJson record) {
        return number(record, "version");
    }

    static long revision(RawJson record) {
        return number(record, "revision");
    }

    /** Of a member that is a number. */
    static long number(RawJson record, String member) {
        long[] number = {0};
        record.forEachMember((name, value) -> {
            if (name.equals(member)) {
                number[0] = Long.parseLong(value.toString());
            }
        });
        return number[0];
    }

    static boolean isRemoval(RawJson record) {
        boolean[] removal = {false};
        record.forEachMember((name, value) ->
                removal[0] |= name.equals("event_type") && StateEvent.DELETED.equals(value.text()));
        return removal[0];
    }

    static boolean hasValues(JsonNode record) {
        return !record.path("truncated").booleanValue();
    }

    static boolean existedBefore(JsonNode record) {
        return record.has("was");
    }

    /** As replies show it. */
    static RawJson shown(RawJson record, boolean values) {
        JsonBuilder shown = JsonBuilder.object(record.length());
        record.forEachMember((name, value) -> {
            boolean isValue = name.equals("old_value") || name.equals("new_value");
            if (!name.equals("was") && (values || !isValue)) {
                shown.member(name, value);
            }
        });
        return shown.build();
    }
}
