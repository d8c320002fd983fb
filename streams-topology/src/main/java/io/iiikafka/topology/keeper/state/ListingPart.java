package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** The first page of what one partition has of a list. */
final class ListingPart extends StateFunction {

    private final ListingFunction whole;
    private final Listings listings;

    ListingPart(ListingFunction whole, Listings listings) {
        super(whole.partId(), "Part of a list", whole.partitioning());
        this.whole = whole;
        this.listings = listings;
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        boolean spread = partitioning().isSharded(input.text("scope"));
        return listings.first(whole.begin(input, draft, spread), command);
    }

    @Override
    public RawJson requestFormat() {
        return StateSchemas.SCOPE;
    }

    @Override
    public @Nullable RawJson responseFormat() {
        return null;
    }
}
