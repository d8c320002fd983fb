package io.iiikafka.gateway.replay;

import static java.util.Objects.requireNonNull;

import io.iiikafka.gateway.invocation.Detour;
import io.iiikafka.gateway.invocation.OutcomeHandler;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.stream.StreamRoom;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;

/**
 * Calls of {@code stream::delete_consumer_group} by which the keeper removes a consumer group that nobody uses; they have an
 * {@code id}. Only when all partitions have deleted it, the one that decides is told to forget it; else it asks again.
 */
final class UnusedDeletion implements Detour {

    private final StreamKeeper keeper;
    private final KeeperFunction forget;

    UnusedDeletion(StreamKeeper keeper, StreamRoom room) {
        this.keeper = keeper;
        this.forget = room.part(StreamRoom.CONSUMER_FORGET);
    }

    @Override
    public boolean takes(Call call, OutcomeHandler handler) {
        try {
            if (Input.of(call).optionalText("id") == null) {
                return false;
            }
        } catch (Refusal refusal) {
            handler.ended(refusal.outcome());
            return true;
        }
        RawJson group = requireNonNull(call.data());
        keeper.value(keeper.function(StreamRoom.CONSUMER_DELETE), group, call)
                .compose(deleted -> keeper.value(forget, group, call).<Outcome>map(new Outcome.Success(deleted)))
                .recover(StreamKeeper::refused)
                .onSuccess(handler::ended);
        return true;
    }
}
