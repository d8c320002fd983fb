package io.iiikafka.topology.keeper.job;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/** As much of a job as is kept in memory, where 200,000 of them may wait. */
final class Entry implements Comparable<Entry> {

    private final long number;
    private final Queue queue;
    private final Target target;
    private final @Nullable String lane;
    private final int priority;
    private final int bytes;
    private final int idHash;
    private final long createdMs;
    private final long expiresMs;
    private final @Nullable String lentAs;
    private @Nullable Progress progress;
    private long waitsUntilMs;
    private boolean taken;
    private boolean over;
    private boolean refused;
    private long upMs;
    private long beganMs;
    private @Nullable Set<Entry> heldIn;

    Entry(Job job, Queue queue, Target target, @Nullable Progress progress) {
        this.number = job.number();
        this.queue = queue;
        this.target = target;
        this.lane = job.terms().lane();
        this.priority = job.terms() instanceof Terms.Agreed agreed ? agreed.priority() : 0;
        this.expiresMs = job.terms() instanceof Terms.Agreed agreed ? agreed.expiresMs() : 0;
        this.lentAs = job.terms() instanceof Terms.Agreed agreed ? agreed.lentAs() : null;
        this.bytes = job.call().data() == null ? 0 : job.call().data().length();
        this.idHash = job.call().invocationId().hashCode();
        this.createdMs = job.createdMs();
        this.progress = progress;
    }

    long number() {
        return number;
    }

    Queue queue() {
        return queue;
    }

    Target target() {
        return target;
    }

    @Nullable String lane() {
        return lane;
    }

    /** Of the payload. */
    int bytes() {
        return bytes;
    }

    /** False: it is not the job of that id. */
    boolean mayBe(String id) {
        return idHash == id.hashCode();
    }

    long createdMs() {
        return createdMs;
    }

    long expiresMs() {
        return expiresMs;
    }

    /** How the gateway names it that runs it, or ran it when it was heard of last; null: none does. */
    @Nullable String lentAs() {
        return lentAs;
    }

    /** Whether a gateway runs it, as far as is known. */
    boolean isLent() {
        return lentAs != null && progress == null && waitsUntilMs > 0;
    }

    /** Null until it is tried. */
    @Nullable Progress progress() {
        return progress;
    }

    void progress(@Nullable Progress now) {
        progress = now;
    }

    /** Until when it is delayed, or backs off; 0: it does not. */
    long waitsUntil() {
        return waitsUntilMs;
    }

    void waitsUntil(long ms) {
        waitsUntilMs = ms;
    }

    /** It waits for nothing but its turn, or is given away, from now on; unless nobody could take it the last time. */
    void up(long nowMs) {
        upMs = refused ? upMs : nowMs;
    }

    /** Since when it might have run; in epoch milliseconds. */
    long upMs() {
        return upMs;
    }

    void began(long nowMs) {
        beganMs = nowMs;
    }

    /** When its attempt began; 0: in another process. */
    long beganMs() {
        return beganMs;
    }

    /** Whether nobody could take it when it was given away last. */
    void refused(boolean now) {
        refused = now;
    }

    /** Others with which it waits until not too many began lately; null: it does not. */
    void heldIn(@Nullable Set<Entry> others) {
        heldIn = others;
    }

    boolean isHeld() {
        return heldIn != null;
    }

    /** It is told with another one. */
    void taken() {
        taken = true;
    }

    boolean isTaken() {
        return taken;
    }

    void over() {
        over = true;
        if (heldIn != null) {
            heldIn.remove(this);
        }
    }

    /** There is no such job any more. */
    boolean isOver() {
        return over;
    }

    boolean isRunning() {
        return progress != null && progress.running();
    }

    /** In which order they are started. */
    @Override
    public int compareTo(Entry other) {
        int byPriority = Integer.compare(other.priority, priority);
        return byPriority != 0 ? byPriority : Long.compare(number, other.number);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Entry entry && entry.number == number;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(number);
    }
}
