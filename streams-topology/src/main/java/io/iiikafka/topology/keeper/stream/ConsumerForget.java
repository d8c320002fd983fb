package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Outcome;

/**
 * The last part of a removal of a consumer group that nobody uses: all partitions have deleted it, so that the one that decides
 * need not ask for that again.
 *
 * <p>Input: {@code stream_name}, {@code consumer_group}, {@code id}; another group that has the name by now stays.
 */
final class ConsumerForget extends ConsumerFunction {

    static final String ID = "iii::stream::consumer_forget";

    ConsumerForget(ReplaySettings settings) {
        super(ID, "Forget a consumer group that is deleted", settings);
    }

    @Override
    Placement placement(Input input) {
        return new Placement.Owner(ConsumerNotes.of(input).homeKey());
    }

    @Override
    Outcome decide(Input input, StreamDraft draft, ConsumerNotes notes) {
        RawJson home = draft.note(notes.home());
        if (home != null && ConsumerDefine.group(home).id().equals(input.text("id"))) {
            draft.note(notes.home(), null);
        }
        return new Outcome.Success(RawJson.NULL);
    }
}
