package io.iiikafka.topology.keeper.job;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A job that was tried and is not over.
 *
 * @param id of its call
 * @param with those that are told with it
 */
record Active(Entry entry, String id, List<Entry> with) {

    /** Whether this is the call that runs now. */
    boolean awaits(String invocationId) {
        return entry.isRunning() && runs().equals(invocationId);
    }

    /** The id of its last call. */
    String runs() {
        Progress progress = requireNonNull(entry.progress());
        return Job.invocationId(id, progress.tries(), progress.with());
    }
}
