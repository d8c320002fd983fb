package io.iiikafka.bench;

import java.util.Optional;
import java.util.function.BiFunction;

import io.iiikafka.bench.report.Row;
import io.iiikafka.bench.report.Verdict;

/** The targets. What was not measured is not judged. */
final class Judge {

    private static final int SEQUENTIAL = 1;
    private static final int MANY = 256;

    private final Results results;

    Judge(Results results) {
        this.results = results;
    }

    void judge() {
        latency("sequential median, Java SDK : floor", Subject.JAVA, Subject.FLOOR, 2);
        throughput("throughput at 256 in flight, Java SDK : floor", Subject.JAVA, Subject.FLOOR, 0.6);
        throughput("throughput at 256 in flight, Node SDK : NATS, Node client", Subject.NODE, Subject.NATS_NODE, 0.4);
        latency("sequential median, Node SDK : NATS, Node client", Subject.NODE, Subject.NATS_NODE, 8);
        throughput("throughput at 256 in flight, Node SDK : Restate", Subject.NODE, Subject.RESTATE, 5);
        latency("sequential median, Node SDK : Restate", Subject.NODE, Subject.RESTATE, 0.5);
        latency("sequential median with 1,000 idle workers : without", Crowd.CROWDED, Crowd.ALONE, 1.2);
        latency("sequential median, state::set : plain floor", StateRounds.SET, StateRounds.FLOOR, 1.5);
        latency("sequential median, state::get : plain floor", StateRounds.GET, StateRounds.FLOOR, 1.5);
        perSecond("state, a third each of set, get and update, 256 in flight", StateRounds.MIXED, 15_000);
        perSecond("state::update, 256 in flight", StateRounds.UPDATE, 15_000);
        tail("p99 of state::get, sequential, while a scope of 100,000 is listed : without",
                ManyRounds.BESIDE, ManyRounds.ALONE, 1);
        tail("p99 of state::get, 16 in flight, while a scope of 100,000 is listed : without",
                ManyRounds.BESIDE, ManyRounds.ALONE, 16);
        tail("p99 of state::get of another scope, 16 in flight, while a scope of 1,000,000 is read in pages : without",
                WideRounds.OTHER_BESIDE, WideRounds.OTHER, 16);
        atMost("calls that failed on a scope of 1,000,000 keys", "wide_errors", 0, "calls");
        atMost("most resident memory with it", "wide_rss", 1_000, "MB");
        atMost("change of a stream to the last of 1,000 sockets, p99", "stream_last_p99", 20, "ms");
        atMost("ready after an orderly end with 1,000,000 values", "many_ready", 15, "s");
        atMost("ready after SIGKILL with 1,000,000 values", "many_ready_killed", 15, "s");
        atMost("change of state to its handler's start, median", "state_trigger_p50", 3, "ms");
        perSecond("jobs kept, 256 in flight, Java SDK", JobRounds.ENQUEUE, 256, 40_000);
        perSecond("jobs from enqueueing to their handler, 64 in flight, Java SDK", JobRounds.JOBS, 64, 12_000);
        perSecond("jobs kept, 256 in flight, queue on a share group", JobRounds.SHARED_ENQUEUE, 256, 40_000);
        perSecond("jobs from enqueueing to their handler, 64 in flight, queue on a share group",
                JobRounds.SHARED_JOBS, 64, 12_000);
        results.row(JobRounds.JOBS, SEQUENTIAL).ifPresent(row -> add(Verdict.atMost(
                "a job from enqueueing to its handler, idle queue, median", row.p50().median() / 1e3, 5, "ms")));
        perSecond("events published to 10 subscriptions each, 64 in flight", JobRounds.PUBLISH, 64, 5_000);
        atMost("register to callable, median", "register_p50", 5, "ms");
        atMost("ready after the start", "ready", 6, "s");
        atMost("resident memory under load", "rss_peak", 700, "MB");
        atMost("idle CPU of gateway and router", "idle_cpu_apart", 1, "% of a core");
        results.fact("second_gateway_full")
                .flatMap(full -> results.fact("second_gateway_empty").map(empty -> full - empty))
                .ifPresent(seconds -> add(Verdict.atMost(
                        "catalog of 10,000 functions loaded by a new gateway (ready, less that of an empty one)",
                        Math.max(0, seconds), 3, "s")));
    }

    private void latency(String target, String subject, String base, double bound) {
        both(subject, base, SEQUENTIAL, (one, other) ->
                Verdict.atMost(target, one.p50().median() / other.p50().median(), bound, "×"));
    }

    private void tail(String target, String subject, String base, int inFlight) {
        both(subject, base, inFlight, (one, other) ->
                Verdict.atMost(target, one.p99().median() / other.p99().median(), 1.5, "×"));
    }

    private void throughput(String target, String subject, String base, double bound) {
        both(subject, base, MANY, (one, other) ->
                Verdict.atLeast(target, one.perSecond().median() / other.perSecond().median(), bound, "×"));
    }

    private void perSecond(String target, String subject, double bound) {
        perSecond(target, subject, MANY, bound);
    }

    private void perSecond(String target, String subject, int inFlight, double bound) {
        results.row(subject, inFlight)
                .ifPresent(row -> add(Verdict.atLeast(target, row.perSecond().median(), bound, "/s")));
    }

    private void both(String subject, String base, int inFlight, BiFunction<Row, Row, Verdict> judge) {
        Optional<Row> one = results.row(subject, inFlight);
        Optional<Row> other = results.row(base, inFlight);
        if (one.isPresent() && other.isPresent()) {
            add(judge.apply(one.get(), other.get()));
        }
    }

    private void atMost(String target, String fact, double bound, String unit) {
        results.fact(fact).ifPresent(measured -> add(Verdict.atMost(target, measured, bound, unit)));
    }

    private void add(Verdict verdict) {
        results.verdicts.add(verdict);
    }
}
