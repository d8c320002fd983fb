package io.iiikafka.gateway.queue;

import io.iiikafka.gateway.invocation.OutcomeHandler;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A job of a queue's topic that this gateway runs: from its beginning until its record is dealt with, because it succeeded or
 * the keeper has it. One that takes long is {@linkplain #lend lent}: the record is dealt with then, while it goes on. Any thread.
 */
final class ShareJob {

    private enum State {
        RUNNING,
        LENDING,
        LENT,
        OVER
    }

    private static final Outcome LATE = Outcome.failure(ErrorCode.TIMEOUT, "No answer in the time that it had");

    private final KeeperDoor door;
    private final KeeperDoor.Kept job;
    private final OutcomeHandler over;
    private final Runnable dealtWith;
    private State state = State.RUNNING;
    private long deadlineMs;
    private boolean asksForTime;
    private boolean perhapsKept;
    private @Nullable Outcome outcome;

    /**
     * @param deadlineMs epoch milliseconds; may be {@linkplain #extend extended}
     * @param over told once when and how it has ended
     * @param dealtWith told once when its record need not be held any more; before or after
     */
    ShareJob(KeeperDoor door, KeeperDoor.Kept job, long deadlineMs, OutcomeHandler over, Runnable dealtWith) {
        this.door = door;
        this.job = job;
        this.deadlineMs = deadlineMs;
        this.over = over;
        this.dealtWith = dealtWith;
    }

    /** It may go on until then; false: it is not the job of that receipt, or over. */
    synchronized boolean extend(String receipt, long untilMs) {
        if (outcome != null || !job.call().invocationId().equals(receipt)) {
            return false;
        }
        deadlineMs = Math.max(deadlineMs, untilMs);
        return true;
    }

    /** Whether its outcome is still waited for. */
    synchronized boolean isUnderWay() {
        return outcome == null;
    }

    /** Ends it if it had its time. Of one that is lent the keeper may know that it was given more, by another gateway. */
    void endIfLate(long nowMs) {
        boolean known;
        synchronized (this) {
            if (nowMs <= deadlineMs || outcome != null || asksForTime || state == State.LENDING) {
                return;
            }
            known = state == State.LENT;
            asksForTime = known;
        }
        if (known) {
            door.askUntil(job, this::goOn, this::askAgain);
        } else {
            ended(LATE);
        }
    }

    /** At the next look: it may well have been given more time. */
    private synchronized void askAgain() {
        asksForTime = false;
    }

    private void goOn(long untilMs) {
        boolean late;
        synchronized (this) {
            asksForTime = false;
            deadlineMs = Math.max(deadlineMs, untilMs);
            late = deadlineMs < System.currentTimeMillis();
        }
        if (late) {
            ended(LATE);
        }
    }

    /** Only the first counts. */
    void ended(Outcome how) {
        State before;
        synchronized (this) {
            if (outcome != null) {
                return;
            }
            outcome = how;
            before = state;
            state = before == State.LENDING ? before : State.OVER;
        }
        over.ended(how);
        switch (before) {
            case RUNNING -> settle(how);
            case LENT -> door.returned(job, how);
            case LENDING, OVER -> {} // who lends it goes on
        }
    }

    private void settle(Outcome how) {
        switch (how) {
            case Outcome.Success success -> {
                if (perhapsKept()) {
                    door.returned(job, how);
                }
                dealtWith.run();
            }
            case Outcome.Failure failure -> door.failed(job, failure.error(), dealtWith);
        }
    }

    /** Whether the keeper may have it although the answer did not say so. */
    private synchronized boolean perhapsKept() {
        return perhapsKept;
    }

    /** Has the keeper keep it, while it goes on here. */
    void lend() {
        synchronized (this) {
            if (state != State.RUNNING) {
                return;
            }
            state = State.LENDING;
        }
        door.lend(job, this::lent);
    }

    private void lent(boolean kept) {
        Outcome how;
        synchronized (this) {
            how = outcome;
            state = how != null ? State.OVER : kept ? State.LENT : State.RUNNING;
            perhapsKept |= !kept;
        }
        if (kept) {
            dealtWith.run();
        }
        if (how != null && kept) {
            door.returned(job, how);
        } else if (how != null) {
            settle(how);
        }
    }

    /** If it is lent, the keeper is to hear that it still runs. */
    void lendAgain() {
        boolean lent;
        synchronized (this) {
            lent = state == State.LENT;
        }
        if (lent) {
            door.lendAgain(job);
        }
    }
}
