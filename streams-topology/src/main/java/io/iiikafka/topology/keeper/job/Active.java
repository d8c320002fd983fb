package io.iiikafka.topology.keeper.job;

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
        Progress progress = entry.progress();
        return progress != null
                && progress.running()
                && Job.invocationId(id, progress.tries(), progress.with()).equals(invocationId);
    }
}
