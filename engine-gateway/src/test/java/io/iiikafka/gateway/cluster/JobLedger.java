package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** What producers and workers know of jobs, and what kills may explain. */
final class JobLedger {

    /** So long after its answer left the worker, the outcome of a delivery is surely committed. */
    private static final long COMMITTED_AFTER = Duration.ofSeconds(2).toNanos();

    /** So long after it is ready, a topology has surely taken over what its predecessor left. */
    private static final long TAKEN_OVER_AFTER = Duration.ofSeconds(5).toNanos();

    /** A connection of a worker; its end is noted when it is cut, or found to be. */
    static final class Session {
        private final AtomicLong ended = new AtomicLong(Long.MAX_VALUE);

        void end() {
            ended.compareAndSet(Long.MAX_VALUE, System.nanoTime());
        }

        boolean isOpen() {
            return ended.get() == Long.MAX_VALUE;
        }
    }

    /** One call of a worker. The answer's time is set before it is sent. */
    static final class Delivery {
        private final Session session;
        private final long began = System.nanoTime();
        private final boolean fails;
        private volatile long answered = Long.MAX_VALUE;

        private Delivery(Session session, boolean fails) {
            this.session = session;
            this.fails = fails;
        }

        boolean fails() {
            return fails;
        }

        void answers() {
            answered = System.nanoTime();
        }

        boolean succeeded() {
            return !fails && answered != Long.MAX_VALUE;
        }
    }

    /**
     * The time in which the topology did not run, from the kill until its successor has taken everything over: calls of
     * the transaction that died may still be on their way then, beside those that the successor makes in their place.
     */
    private record Outage(long began, long ended) {}

    private final AtomicInteger numbers = new AtomicInteger();
    private final Set<JobLane.Job> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<JobLane.Job> unknown = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> reasons = new ConcurrentHashMap<>();
    private final Map<JobLane.Job, List<Delivery>> deliveries = new ConcurrentHashMap<>();
    private final Map<Integer, ConcurrentLinkedQueue<JobLane.Job>> fifo = new ConcurrentHashMap<>();
    private final Set<JobLane.Job> done = ConcurrentHashMap.newKeySet();
    private final List<Outage> outages = new CopyOnWriteArrayList<>();

    /** The number of the next job, from 1 on. */
    int nextNumber() {
        return numbers.incrementAndGet();
    }

    int numbers() {
        return numbers.get();
    }

    void acknowledged(JobLane.Job job) {
        if (job.lane() == JobLane.FIFO) {
            fifo.computeIfAbsent(job.group(), absent -> new ConcurrentLinkedQueue<>()).add(job);
        }
        acknowledged.add(job);
    }

    void unknown(JobLane.Job job, String reason) {
        unknown.add(job);
        reasons.merge(reason, 1, Integer::sum);
    }

    void topologyWasDown(long began) {
        outages.add(new Outage(began, System.nanoTime() + TAKEN_OVER_AFTER));
    }

    /** A job has come to a worker. */
    Delivery delivered(JobLane.Job job, Session session) {
        List<Delivery> all = deliveries.computeIfAbsent(job, absent -> new ArrayList<>(1));
        synchronized (all) {
            Delivery delivery = new Delivery(session, job.neverSucceeds() || (job.failsFirst() && all.isEmpty()));
            all.add(delivery);
            return delivery;
        }
    }

    void done(JobLane.Job job) {
        done.add(job);
    }

    int doneSoFar() {
        return done.size();
    }

    int acknowledged() {
        return acknowledged.size();
    }

    int unknown() {
        return unknown.size();
    }

    /** Why calls were not acknowledged, and how many. */
    Map<String, Integer> reasons() {
        return reasons;
    }

    /** Acknowledged jobs that should have succeeded and have not. */
    List<JobLane.Job> missing() {
        return acknowledged.stream().filter(job -> !job.neverSucceeds() && !done.contains(job)).toList();
    }

    /** Every acknowledged job that never succeeds, once each; beside them only such whose fate no producer knows. */
    void assertDead(JobLane lane, List<Integer> numbersOfDead) {
        assertThat(numbersOfDead).as("dead letters of %s", lane).doesNotHaveDuplicates();
        assertThat(numbersOfDead).as("dead letters of %s", lane).containsAll(failing(acknowledged, lane));
        List<Integer> allowed = new ArrayList<>(failing(acknowledged, lane));
        allowed.addAll(failing(unknown, lane));
        assertThat(allowed).as("what may be a dead letter of %s", lane).containsAll(numbersOfDead);
    }

    private static List<Integer> failing(Set<JobLane.Job> jobs, JobLane lane) {
        return jobs.stream()
                .filter(job -> job.lane() == lane && job.neverSucceeds())
                .map(JobLane.Job::number)
                .toList();
    }

    /** No job of a group begins before the one ahead of it has succeeded or has used all its attempts. */
    void assertOrderOfGroups() {
        fifo.forEach((group, jobs) -> {
            long before = Long.MIN_VALUE;
            JobLane.Job ahead = null;
            for (JobLane.Job job : jobs) {
                List<Delivery> all = deliveries.getOrDefault(job, List.of());
                assertThat(all).as("deliveries of %s", job).isNotEmpty();
                assertThat(all.getFirst().began).as("%s began before the end of %s", job, ahead).isGreaterThan(before);
                before = settled(job, all);
                ahead = job;
            }
        });
    }

    private static long settled(JobLane.Job job, List<Delivery> all) {
        return job.neverSucceeds()
                ? all.get(Math.min(JobLane.ATTEMPTS, all.size()) - 1).answered
                : all.stream().filter(Delivery::succeeded).mapToLong(each -> each.answered).min().orElseThrow();
    }

    /**
     * No job came more often than its attempts ask for, but for deliveries whose outcome may not have got to the log: the
     * worker's connection ended, or the topology died, in their time.
     *
     * @return how many such there were, by what had cut them off
     */
    Map<String, Integer> assertRepeatsAreExplained() {
        Map<String, Integer> causes = new TreeMap<>();
        Map<JobLane.Job, Integer> unexplained = new HashMap<>();
        deliveries.forEach((job, all) -> {
            int surplus = all.size() - job.deliveries();
            for (Delivery each : all) {
                String cause = surplus > 0 ? cutOffBy(each) : null;
                if (cause != null) {
                    causes.merge(cause, 1, Integer::sum);
                    surplus--;
                }
            }
            if (surplus > 0) {
                unexplained.put(job, surplus);
            }
        });
        assertThat(unexplained.entrySet().stream()
                        .map(each -> each.getValue() + " more of " + each.getKey() + ": "
                                + describe(deliveries.get(each.getKey())))
                        .limit(20)
                        .collect(Collectors.joining("\n")))
                .as("deliveries that no kill explains: %d", unexplained.size())
                .isEmpty();
        return causes;
    }

    private @Nullable String cutOffBy(Delivery delivery) {
        long surely = delivery.answered == Long.MAX_VALUE ? Long.MAX_VALUE : delivery.answered + COMMITTED_AFTER;
        if (delivery.session.ended.get() < surely) {
            return "its connection ended";
        }
        return outages.stream().anyMatch(each -> each.began() < surely && each.ended() > delivery.began)
                ? "the topology died"
                : null;
    }

    private static String describe(List<Delivery> all) {
        long first = all.getFirst().began;
        return all.stream()
                .map(each -> "at " + (each.began - first) / 1_000_000 + " answered "
                        + (each.answered - first) / 1_000_000 + (each.fails ? " failed" : " done")
                        + " session " + System.identityHashCode(each.session))
                .collect(Collectors.joining("; "));
    }
}
