package io.iiikafka.topology.keeper.job;

import java.util.ArrayList;
import java.util.List;

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
 * @param with numbers of the jobs that are told with it, of which nothing else is kept
 */
record Progress(String queueId, int attempts, int tries, boolean running, long dueMs, List<Long> with) {

    static Progress begun(String queueId, List<Long> with) {
        return new Progress(queueId, 0, 0, false, 0, with);
    }

    Progress started(long newDueMs) {
        return new Progress(queueId, attempts + 1, tries + 1, true, newDueMs, with);
    }

    Progress failed(long retryMs) {
        return new Progress(queueId, attempts, tries, false, retryMs, with);
    }

    Progress notRun(long retryMs) {
        return new Progress(queueId, attempts - 1, tries, false, retryMs, with);
    }

    RawJson toJson() {
        JsonBuilder numbers = JsonBuilder.array();
        with.forEach(each -> numbers.element(RawJson.of(Long.toString(each))));
        return JsonBuilder.object()
                .member("queue", queueId)
                .member("attempts", attempts)
                .member("tries", tries)
                .member("running", running)
                .member("due", dueMs)
                .member("with", numbers.build())
                .build();
    }

    static Progress of(RawJson json) {
        Job.Members members = new Job.Members(json);
        List<Long> with = new ArrayList<>(0);
        RawJson numbers = members.find("with");
        if (numbers != null) {
            numbers.forEachElement(each -> with.add(Long.parseLong(each.toString())));
        }
        return new Progress(
                members.text("queue"),
                (int) members.number("attempts"),
                (int) members.number("tries"),
                members.flag("running"),
                members.number("due"),
                with);
    }
}
