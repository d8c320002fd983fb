package io.iiikafka.gateway.http;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the large bodies of one event loop's requests may take together, from their first bytes until their responses
 * are decided. When it is used up, bodies that are still coming in are read no further until others have gone; one that
 * nothing else could make room for is read to its end. Confined to the event loop.
 */
final class BodyMemory {

    private final long limit;
    private final Set<Share> growing = new LinkedHashSet<>();
    private long held;
    private long heldByGrowing;

    /** @param limit in bytes; exceeded by one body at most */
    BodyMemory(long limit) {
        this.limit = limit;
    }

    /** Begins a body. {@code resume} is run when it may be read on after it had to wait. */
    Share share(Runnable resume) {
        Share share = new Share(resume);
        growing.add(share);
        return share;
    }

    private boolean mayGrow(Share share) {
        return held < limit || held == heldByGrowing && growing.iterator().next() == share;
    }

    private void admit() {
        for (Share share : List.copyOf(growing)) {
            if (share.waiting && mayGrow(share)) {
                share.waiting = false;
                share.resume.run();
            }
        }
    }

    /** What one body holds. */
    final class Share {

        private final Runnable resume;
        private long bytes;
        private boolean waiting;

        private Share(Runnable resume) {
            this.resume = resume;
        }

        /** Counts bytes that have come in; false when no more may be read before {@code resume}. */
        boolean add(long more) {
            bytes += more;
            held += more;
            heldByGrowing += more;
            waiting = !mayGrow(this);
            return !waiting;
        }

        /** All that will be kept of the body is there. */
        void complete() {
            if (growing.remove(this)) {
                heldByGrowing -= bytes;
                admit();
            }
        }

        /** Nothing of the body is kept any more. */
        void release() {
            complete();
            held -= bytes;
            bytes = 0;
            admit();
        }
    }
}
