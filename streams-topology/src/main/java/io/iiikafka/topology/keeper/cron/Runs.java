package io.iiikafka.topology.keeper.cron;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Firing;
import io.iiikafka.topology.keeper.cron.CronTriggers.Registered;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls of the schedules of one partition, from the first attempt to the end. Used on the partition's thread. */
final class Runs {

    static final String AGENDA = "run/";
    static final String SENT = "sent/";

    private static final Logger LOG = LoggerFactory.getLogger(Runs.class);
    private static final String ENQUEUE = "engine::queue::enqueue";
    /** By then a call has left, because it does so with the commit that notes it. */
    private static final long SENT_MS = 1_000;
    /** So long a new keeper waits for the answers to calls that the one before may not have sent. */
    private static final long LOST_MS = 60_000;
    private static final long DAY_MS = 86_400_000;
    /** So long its handler is told that a run was cancelled. */
    private static final long CANCEL_MS = 60_000;

    private static final int LONGEST_ERROR = 2_000;

    private final CronStores stores;
    private final Agenda agenda;
    private final CronWatch watch;
    private final List<Firing> firings = new ArrayList<>();
    private final List<Run> unsure = new ArrayList<>();

    Runs(CronStores stores, Agenda agenda, CronWatch watch) {
        this.stores = stores;
        this.agenda = agenda;
        this.watch = watch;
        stores.forEachRun(run -> {
            agenda.set(AGENDA + run.number(), run.dueMs());
            if (!run.waits() && !run.sent()) {
                unsure.add(run);
            }
        });
    }

    /** Does not wait long for the answers to calls that the keeper before may not have sent. */
    void open(long nowMs) {
        unsure.forEach(run -> {
            if (stores.run(run.number()) != null) {
                agenda.set(AGENDA + run.number(), Math.min(run.dueMs(), nowMs + LOST_MS));
            }
        });
        unsure.clear();
    }

    /** Notes that its call has left; for most it needs no note, because they are answered before. */
    void sent(long number) {
        Run run = stores.run(number);
        if (run != null && !run.waits()) {
            stores.put(run.known());
        }
    }

    /** What is to be called since this was asked last. */
    List<Firing> taken() {
        List<Firing> taken = List.copyOf(firings);
        firings.clear();
        return taken;
    }

    /**
     * Calls the function; the schedule is to be stored then.
     *
     * @param name unique to the run and the same when it is begun again after a crash
     * @return the id of the call
     */
    String start(Registered leader, Schedule schedule, long tickMs, String name, boolean manual, long nowMs) {
        long lateMs = nowMs + leader.config().timeoutMs();
        Run run = new Run(stores.nextNumber(), leader.key(), tickMs, nowMs, name, 1, manual, false, false, lateMs);
        schedule.running.add(run.number());
        watch.fired(Math.max(0, nowMs - tickMs));
        return call(leader, run, nowMs);
    }

    private String call(Registered leader, Run run, long nowMs) {
        stores.put(run);
        agenda.set(AGENDA + run.number(), run.dueMs());
        agenda.set(SENT + run.number(), nowMs + SENT_MS);
        CronTriggerConfig config = leader.config();
        String id = invocationId(run);
        RawJson payload = CronPayload.of(config, leader.entry().id(), run, nowMs);
        boolean queued = config.queue() != null;
        Call call = new Call(
                id,
                queued ? ENQUEUE : leader.entry().functionId(),
                leader.entry().namespace(), // also where the condition is looked up
                queued ? job(leader, run, payload) : payload,
                queued ? null : leader.entry().metadata(),
                true,
                null,
                null,
                null,
                run.dueMs());
        firings.add(Firing.awaited(call, config.condition(), run.number(), config.expression()));
        return id;
    }

    /** All attempts enqueue the same job, of which the queue keeps one. */
    private static RawJson job(Registered leader, Run run, RawJson payload) {
        String receipt = uuid(run.name());
        JsonBuilder job = JsonBuilder.object()
                .member("queue", leader.config().queue())
                .member("function_id", leader.entry().functionId())
                .member("namespace", leader.entry().namespace())
                .member("messageReceiptId", receipt)
                .member("data", payload);
        if (leader.entry().metadata() != null) {
            job.member("metadata", leader.entry().metadata());
        }
        if (leader.config().maxAttempts() > 1) {
            RawJson once = JsonBuilder.object()
                    .member("dedup_key", receipt)
                    .member("dedup_window_ms", DAY_MS)
                    .build();
            job.member("options", once);
        }
        return job.build();
    }

    private static String invocationId(Run run) {
        return uuid(run.attempt() == 1 ? run.name() : run.name() + "/" + run.attempt());
    }

    private static String uuid(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString();
    }

    /** The run that the call was an attempt of; null when its answer is not awaited any more. */
    @Nullable Run of(long number, Call answer) {
        Run run = stores.run(number);
        return run != null && !run.waits() && invocationId(run).equals(answer.invocationId()) ? run : null;
    }

    /** Makes the next attempt. */
    void again(Registered leader, Run run, long nowMs) {
        call(leader, run.again(nowMs + leader.config().timeoutMs()), nowMs);
    }

    /** Has the next attempt made after a pause. */
    void retryLater(Run run, long atMs) {
        Run waiting = run.waiting(atMs);
        stores.put(waiting);
        agenda.remove(SENT + run.number());
        agenda.set(AGENDA + run.number(), atMs);
    }

    /**
     * Ends it because another begins; the schedule is to be stored then. Nothing can take a call back that a worker has, so
     * that function is told which the trigger names for it.
     */
    void cancel(Registered leader, Run run, Schedule schedule, long nowMs) {
        String function = leader.config().cancelFunction();
        if (function != null && !run.waits()) {
            RawJson payload = JsonBuilder.object()
                    .member("trigger", "cron")
                    .member("job_id", leader.entry().id())
                    .member("scheduled_time", CronPayload.tick(run.tickMs()))
                    .member("invocation_id", invocationId(run))
                    .member("cancelled", true)
                    .build();
            firings.add(new Firing(
                    new Call(
                            uuid(run.name() + "/cancelled"),
                            function,
                            leader.entry().namespace(),
                            payload,
                            leader.entry().metadata(),
                            false,
                            null,
                            null,
                            null,
                            nowMs + CANCEL_MS),
                    null));
        }
        end(run, schedule, RunEnd.CANCELLED, nowMs);
    }

    /** Ends it; the schedule is to be stored then. A run that was vetoed is none, in the end. */
    void end(Run run, Schedule schedule, RunEnd end, long nowMs) {
        stores.removeRun(run.number());
        agenda.remove(AGENDA + run.number());
        agenda.remove(SENT + run.number());
        schedule.running.remove(Long.valueOf(run.number()));
        if (end == RunEnd.BLOCKED) {
            schedule.skipped++;
            watch.skipped("condition");
            return;
        }
        long durationMs = Math.max(0, nowMs - run.startedMs());
        schedule.runs++;
        schedule.failures += end.isFailure() ? 1 : 0;
        schedule.lastRunMs = run.tickMs();
        schedule.lastStatus = end.status();
        watch.ended(end.status(), durationMs);
        JsonBuilder entry = JsonBuilder.object()
                .member("scheduled_time", CronPayload.tick(run.tickMs()))
                .member("actual_time", CronPayload.tick(run.startedMs()))
                .member("duration_ms", durationMs)
                .member("status", end.status())
                .member("error", end.error());
        if (run.manual()) {
            entry.member("manual", true);
        }
        stores.tell(run.schedule(), schedule, entry.build());
        if (end.isFailure()) {
            LOG.atWarn()
                    .addKeyValue("schedule", run.schedule())
                    .addKeyValue("tick", CronPayload.tick(run.tickMs()))
                    .addKeyValue("status", end.status())
                    .log("A scheduled run failed: {}", end.error());
        }
    }

    /** How a run ended. */
    record RunEnd(String status, @Nullable RawJson error) {

        static final RunEnd COMPLETED = new RunEnd("completed", null);
        static final RunEnd BLOCKED = new RunEnd("blocked", null);
        static final RunEnd CANCELLED = new RunEnd("cancelled", null);

        static RunEnd timeout(long afterMs) {
            return new RunEnd("timeout", error("invocation_timeout", "No answer within " + afterMs + " ms"));
        }

        static RunEnd lost() {
            return new RunEnd(
                    "timeout", error("invocation_timeout", "The keeper that was to call it died, and no answer came"));
        }

        static RunEnd failed(@Nullable RawJson answered) {
            JsonNode members = answered == null ? RawJson.EMPTY_OBJECT.toTree() : answered.toTree();
            String message = members.path("message").asText();
            return new RunEnd(
                    "failed",
                    error(
                            members.path("code").asText(),
                            message.length() > LONGEST_ERROR ? message.substring(0, LONGEST_ERROR) + "…" : message));
        }

        private static RawJson error(String code, String message) {
            return JsonBuilder.object().member("code", code).member("message", message).build();
        }

        boolean isFailure() {
            return error != null;
        }
    }
}
