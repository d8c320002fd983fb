package io.iiikafka.topology.keeper.state;

/**
 * What is counted for a scope on one partition.
 *
 * @param keys how many it holds; of a fork, its own
 * @param lastOrder the {@linkplain StateEntry#order() order} of the key that was created last
 * @param revision how many changes it has seen; those of one command count once
 * @param floor the highest version that a key came to by a removal that is not in the history any more, or never was: a
 *     key of which the history knows nothing begins above it, so that no key has the same version twice, and nothing need
 *     be kept for each key that is gone
 * @param pinned the newest revision that a fork shows: what is older must be kept when it is changed; 0: no fork
 * @param forgotten the newest revision of which a change is not in the history any more, or never was
 * @param unrecorded the newest revision that removed a key, and the history does not tell: what it holds of a key that is
 *     gone may not be the last, if it is as old
 * @param removed whether it ever lost a key, so that the history may know the versions of keys that are not there
 */
public record ScopeInfo(
        long keys,
        long lastOrder,
        long revision,
        long floor,
        long pinned,
        long forgotten,
        long unrecorded,
        boolean removed) {

    /** Of a scope that has never been written. */
    public static final ScopeInfo NEW = new ScopeInfo(0, 0, 0, 0, 0, 0, 0, false);

    /** Numbers of the form in which the floor was that of all removals. */
    private static final int SHORT_FORM = 6;

    /** As it is stored: its numbers, with blanks between them. */
    String toText() {
        return keys + " " + lastOrder + " " + revision + " " + floor + " " + pinned + " " + forgotten + " " + unrecorded + " "
                + (removed ? 1 : 0);
    }

    static ScopeInfo parse(String text) {
        String[] parts = text.split(" ", -1);
        long[] numbers = new long[parts.length];
        for (int i = 0; i < parts.length; i++) {
            numbers[i] = Long.parseLong(parts[i]);
        }
        boolean isShort = numbers.length == SHORT_FORM;
        return new ScopeInfo(
                numbers[0],
                numbers[1],
                numbers[2],
                numbers[3],
                numbers[4],
                numbers[5],
                isShort ? numbers[5] : numbers[6],
                isShort ? numbers[3] > 0 : numbers[7] > 0);
    }

    ScopeInfo withPinned(long revision) {
        return new ScopeInfo(keys, lastOrder, this.revision, floor, revision, forgotten, unrecorded, removed);
    }

    ScopeInfo withForgotten(long revision) {
        return new ScopeInfo(
                keys, lastOrder, this.revision, floor, pinned, Math.max(forgotten, revision), unrecorded, removed);
    }

    /** With no key below that version of which the history knows nothing. */
    ScopeInfo withFloor(long version) {
        return new ScopeInfo(
                keys, lastOrder, revision, Math.max(floor, version), pinned, forgotten, unrecorded, removed);
    }

    /** With a removal that the history does not tell, and the version to which it brought its key. */
    ScopeInfo withUnrecorded(long version, long revision) {
        return new ScopeInfo(
                keys,
                lastOrder,
                this.revision,
                Math.max(floor, version),
                pinned,
                Math.max(forgotten, revision),
                Math.max(unrecorded, revision),
                removed);
    }
}
