package io.iiikafka.gateway.invocation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.EngineFault;
import io.iiikafka.topology.keeper.Page;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;

/**
 * A list that the keeper gives page by page, so that other commands get their turn in between. Ends with the first failure,
 * or with what is made of all pages. A listing that the keeper does not know any more is begun anew, from the first page.
 */
final class PagedList {

    /** More than one page is put together elsewhere than on the thread that reads everybody's results. */
    private static final int SHORT = 256 * 1024;

    private static final int ATTEMPTS = 5;

    private final CallPath path;
    private final Call call;
    private final Placement.Listing listing;
    private final OutcomeHandler handler;
    private final AtomicInteger unfinished;
    private final AtomicLong bytes = new AtomicLong();
    private final List<List<RawJson>> pages = new ArrayList<>();
    private volatile boolean failed;

    PagedList(CallPath path, Call call, Placement.Listing listing, int partitions, OutcomeHandler handler) {
        this.path = path;
        this.call = call;
        this.listing = listing;
        this.handler = handler;
        this.unfinished = new AtomicInteger(partitions);
        for (int i = 0; i < partitions; i++) {
            pages.add(new ArrayList<>());
        }
    }

    void begin(List<CallPath.Target> targets) {
        for (int i = 0; i < targets.size(); i++) {
            first(targets.get(i), pages.get(i), 1);
        }
    }

    private void first(CallPath.Target target, List<RawJson> rows, int attempt) {
        Call part = KeeperCalls.part(call, listing.partFunction(), call.data());
        path.send(part, target, outcome -> came(outcome, target, rows, attempt));
    }

    private void came(Outcome outcome, CallPath.Target target, List<RawJson> rows, int attempt) {
        switch (outcome) {
            case Outcome.Failure failure ->
                fail(rows.isEmpty() ? failure : EngineFault.ofPage(failure, listing.nextFunction(), listing.partFunction()));
            case Outcome.Success success -> {
                Page page = Page.of(success.value());
                if (page != null) {
                    add(page, target, rows, attempt);
                } else if (attempt < ATTEMPTS) {
                    rows.forEach(dropped -> bytes.addAndGet(-dropped.length()));
                    rows.clear();
                    first(target, rows, attempt + 1);
                } else {
                    fail(EngineFault.of(
                            listing.partFunction(), "the keeper lost the listing " + ATTEMPTS + " times; retry."));
                }
            }
        }
    }

    private void add(Page page, CallPath.Target target, List<RawJson> rows, int attempt) {
        rows.add(page.rows());
        boolean tooLong = bytes.addAndGet(page.rows().length()) > listing.mostBytes();
        if (page.next() == null) {
            if (tooLong) {
                fail(tooLong());
            } else if (unfinished.decrementAndGet() == 0) {
                end();
            }
            return;
        }
        boolean stop = tooLong || failed;
        JsonBuilder cursor = JsonBuilder.object().member("cursor", page.next());
        Call next = KeeperCalls.part(
                call, listing.nextFunction(), (stop ? cursor.member("close", true) : cursor).build());
        path.send(next, target, stop ? closed -> {} : outcome -> came(outcome, target, rows, attempt));
        if (tooLong) {
            fail(tooLong());
        }
    }

    private Outcome.Failure tooLong() {
        return (Outcome.Failure) Outcome.failure(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "The answer of " + call.functionId() + " would take more than " + listing.mostBytes()
                        + " bytes; " + listing.instead() + ".");
    }

    private synchronized void fail(Outcome failure) {
        if (!failed) {
            failed = true;
            handler.ended(failure);
        }
    }

    private void end() {
        if (bytes.get() <= SHORT) {
            merge();
        } else {
            Thread.ofVirtual().name("iii-list").start(this::merge);
        }
    }

    private void merge() {
        handler.ended(new Outcome.Success(
                listing.merge().merge(pages.stream().flatMap(List::stream).toList())));
    }
}
