package io.iiikafka.topology.keeper.job;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;

/**
 * How far a job is that was tried.
 *
 * @param queueId its queue
 * @param attempts that were made, with the one that runs; those that reached no worker do not count
 * @param tries the same with those
 * @param running whether an answer is awaited
 * @param dueMs when it is too late for the answer, or the next attempt is made
 */
record Progress(String queueId, int attempts, int tries, boolean running, long dueMs) {

    static Progress begun(String queueId) {
        return new Progress(queueId, 0, 0, false, 0);
    }

    Progress started(long newDueMs) {
        return new Progress(queueId, attempts + 1, tries + 1, true, newDueMs);
    }

    Progress failed(long retryMs) {
        return new Progress(queueId, attempts, tries, false, retryMs);
    }

    Progress notRun(long retryMs) {
        return new Progress(queueId, attempts - 1, tries, false, retryMs);
    }

    RawJson toJson() {
        return JsonBuilder.object()
                .member("queue", queueId)
                .member("attempts", attempts)
                .member("tries", tries)
                .member("running", running)
                .member("due", dueMs)
                .build();
    }

    static Progress of(RawJson json) {
        Job.Members members = new Job.Members(json);
        return new Progress(
                members.text("queue"),
                (int) members.number("attempts"),
                (int) members.number("tries"),
                members.flag("running"),
                members.number("due"));
    }
}
