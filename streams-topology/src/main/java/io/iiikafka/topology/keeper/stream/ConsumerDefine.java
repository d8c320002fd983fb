package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;

/**
 * Creates a consumer group by its first use, or checks a later one: answers {@code {"created":bool,"group":{…}}}. One
 * partition decides, for all.
 */
final class ConsumerDefine extends ConsumerFunction {

    static final String ID = "iii::stream::consumer_define";

    private static final long HOUR_MS = 3_600_000;

    private final ReplaySettings settings;

    ConsumerDefine(ReplaySettings settings) {
        super(ID, "Create a consumer group", settings);
        this.settings = settings;
    }

    @Override
    Placement placement(Input input) {
        return new Placement.Owner(ConsumerNotes.of(input).homeKey());
    }

    @Override
    Outcome decide(Input input, StreamDraft draft, ConsumerNotes notes) {
        rule(notes);
        RawJson note = draft.note(notes.home());
        Input home = note == null ? null : Input.of("consumer group", note);
        long usedAt = home == null ? 0 : home.integer("used_at", 0, Long.MAX_VALUE, 0);
        ConsumerGroup known = note == null || usedAt + settings.consumerGroupTtlMs() < draft.nowMs()
                ? null
                : group(note);
        boolean created = known == null;
        ConsumerGroup group = known == null ? ConsumerGroup.first(input, draft.position()) : known;
        String conflict = group.conflict(input);
        if (conflict != null) {
            throw new Refusal(
                    ErrorCode.CONSUMER_GROUP_CONFLICT,
                    "Consumer group '" + notes.name() + "' of stream '" + notes.stream() + "' was created with another `"
                            + conflict + "`; leave it out, or delete the group first.");
        }
        if (created || usedAt + Math.min(HOUR_MS, settings.consumerGroupTtlMs() / 2) < draft.nowMs()) {
            draft.note(notes.home(), home(group, draft.nowMs()));
        }
        return new Outcome.Success(JsonBuilder.object()
                .member("created", created)
                .member("group", group.toJson())
                .build());
    }

    /** The note at home of a group that was used then. */
    static RawJson home(ConsumerGroup group, long usedAtMs) {
        return JsonBuilder.object()
                .member("used_at", usedAtMs)
                .member("group", group.toJson())
                .build();
    }

    /** The group in such a note. */
    static ConsumerGroup group(RawJson note) {
        Input home = Input.of("consumer group", note);
        return ConsumerGroup.read(home.object("group", home.require("group")));
    }
}
