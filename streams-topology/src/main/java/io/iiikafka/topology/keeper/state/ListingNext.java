package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Page;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** {@link Page#NEXT}: a further page of an open listing; with {@code "close":true} the listing ends instead. */
final class ListingNext extends StateFunction {

    private final Listings listings;

    ListingNext(Listings listings) {
        super(Page.NEXT, "Next part of a list", Partitioning.WHOLE);
        this.listings = listings;
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        return listings.next(input, command);
    }

    @Override
    public RawJson requestFormat() {
        return RawJson.EMPTY_OBJECT;
    }

    @Override
    public @Nullable RawJson responseFormat() {
        return null;
    }
}
