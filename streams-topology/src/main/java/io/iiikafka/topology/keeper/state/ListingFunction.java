package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Page;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Outcome;

/** A function that answers from all keys of a scope, whether one partition has them or all; it is read in pages. */
abstract class ListingFunction extends StateFunction {

    private final RecordLimit limit;

    ListingFunction(String id, String description, Partitioning partitioning, RecordLimit limit) {
        super(id, description, partitioning);
        this.limit = limit;
    }

    /** Under which its pages are asked for. */
    final String partId() {
        return id() + "_part";
    }

    @Override
    final Placement placement(Input input, Partitioning partitions) {
        String scope = input.text("scope");
        check(input);
        boolean sharded = partitions.isSharded(scope);
        Selection selection = Selection.of(input);
        return new Placement.Listing(
                sharded ? null : Partitioning.group(scope),
                partId(),
                Page.NEXT,
                limit.answerBytes(),
                "ask for a part of it by `limit` and `after`, or page by page by state::list_entries",
                pages -> answer(sharded ? SpreadRows.merge(pages, selection) : SpreadRows.joined(pages)));
    }

    /** All at once: gateways ask for pages instead. */
    @Override
    final Outcome decide(Input input, Command command, StateDraft draft) {
        Listing listing = begin(input, draft, false);
        return new Outcome.Success(answer(listing.next(draft.view(), Listing.ALL).rows()));
    }

    /** What the partition has of it, as a listing that has given nothing yet. */
    final Listing begin(Input input, StateDraft draft, boolean spread) {
        String scope = input.text("scope");
        check(input);
        Selection selection = Selection.of(input);
        return new Listing(
                scope,
                spread ? selection.ofPart() : selection,
                draft,
                (key, entry) -> spread ? SpreadRows.row(key, entry, row(input, key, entry)) : row(input, key, entry));
    }

    /** A page of it with so many rows as it may have, and what it is called by from then on. */
    static Page page(Listing listing, StateView view, String cursor) {
        long total = listing.isFresh() ? listing.total() : 0;
        Listing.Rows rows = listing.next(view, Listing.PAGE);
        return new Page(rows.rows(), rows.done() ? null : cursor, total);
    }

    /** Refuses members that do not fit. */
    void check(Input input) {
        Selection.of(input);
    }

    /** What stands in the answer for a key. */
    abstract RawJson row(Input input, String key, StateEntry entry);

    /** The answer with these rows. */
    abstract RawJson answer(RawJson rows);
}
