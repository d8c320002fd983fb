package io.iiikafka.topology.keeper.job;

import java.util.ArrayList;
import java.util.List;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * How far a job is that was tried.
 *
 * @param attempts that were made, with the one that runs; those that reached no worker do not count
 * @param tries the same with those
 * @param losses attempts that ended with their workers and do not count
 * @param running whether an answer is awaited
 * @param dueMs when it is too late for the answer, or the next attempt is made
 * @param with numbers of the jobs that are told with it, of which nothing else is kept
 * @param error of the last attempt; null: none
 * @param cancelled whether it is not to be tried again
 */
record Progress(
        int attempts,
        int tries,
        int losses,
        boolean running,
        long dueMs,
        List<Long> with,
        @Nullable String error,
        boolean cancelled) {

    private static final int LONGEST_ERROR = 500;

    static Progress begun(List<Long> with) {
        return new Progress(0, 0, 0, false, 0, with, null, false);
    }

    Progress started(long newDueMs) {
        return new Progress(attempts + 1, tries + 1, losses, true, newDueMs, with, error, cancelled);
    }

    Progress extended(long newDueMs) {
        return new Progress(attempts, tries, losses, running, newDueMs, with, error, cancelled);
    }

    Progress cancel() {
        return new Progress(attempts, tries, losses, running, dueMs, with, error, true);
    }

    Progress failed(long retryMs, String why) {
        return new Progress(attempts, tries, losses, false, retryMs, with, beginning(why), cancelled);
    }

    /** The attempt does not count. */
    Progress notRun(long retryMs, boolean lost, String why) {
        return new Progress(attempts - 1, tries, losses + (lost ? 1 : 0), false, retryMs, with, beginning(why), cancelled);
    }

    private static String beginning(String text) {
        return text.length() <= LONGEST_ERROR ? text : text.substring(0, LONGEST_ERROR) + "…";
    }

    RawJson toJson() {
        JsonBuilder json = JsonBuilder.object()
                .member("attempts", attempts)
                .member("tries", tries)
                .member("running", running)
                .member("due", dueMs);
        if (losses > 0) {
            json.member("losses", losses);
        }
        if (!with.isEmpty()) {
            JsonBuilder numbers = JsonBuilder.array();
            with.forEach(each -> numbers.element(RawJson.of(Long.toString(each))));
            json.member("with", numbers.build());
        }
        if (cancelled) {
            json.member("cancelled", true);
        }
        if (error != null) {
            json.member("error", error);
        }
        return json.build();
    }

    static Progress of(RawJson json) {
        Job.Members members = new Job.Members(json);
        List<Long> with = new ArrayList<>(0);
        RawJson numbers = members.find("with");
        if (numbers != null) {
            numbers.forEachElement(each -> with.add(Long.parseLong(each.toString())));
        }
        return new Progress(
                (int) members.number("attempts"),
                (int) members.number("tries"),
                (int) members.number("losses"),
                members.flag("running"),
                members.number("due"),
                with,
                members.optional("error"),
                members.flag("cancelled"));
    }
}
