package io.iiikafka.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.iiikafka.bench.engine.EngineProcess;
import io.iiikafka.bench.engine.JobsMain;
import io.iiikafka.bench.load.Load;
import io.iiikafka.bench.load.Measurement;
import io.iiikafka.bench.process.Child;
import io.iiikafka.bench.process.Ports;
import io.iiikafka.bench.process.Processes;
import io.iiikafka.bench.process.Server;
import io.iiikafka.bench.report.Row;

/** Jobs of a queue and published events on an engine of its own; with peers, the same jobs with BullMQ on Redis. */
final class JobRounds {

    static final String ENQUEUE = "enqueue";
    static final String JOBS = "jobs";
    static final String SHARED_ENQUEUE = "enqueue-shared";
    static final String SHARED_JOBS = "jobs-shared";
    static final String PUBLISH = "publish";
    static final Set<String> JAVA_SCENARIOS = Set.of(ENQUEUE, JOBS, SHARED_ENQUEUE, SHARED_JOBS, PUBLISH);
    static final String BULLMQ_ENQUEUE = "bullmq-enqueue";
    static final String BULLMQ_JOBS = "bullmq-jobs";
    static final String NODE_JOBS = "node-jobs";

    private static final String KEPT = "in Kafka's log, acks=all, one broker, not synced to disk before the answer";
    private static final String REDIS = "in Redis' append-only file, synced every second (its default where that file is on)";

    private final Options options;
    private final Results results;

    JobRounds(Options options, Results results) {
        this.options = options;
        this.results = results;
    }

    void measure() throws IOException, InterruptedException {
        try (Started started = new Started()) {
            EngineProcess engine = started.push(EngineProcess.start(
                    options.home(),
                    options.target().resolve("data/jobs"),
                    options.logs().resolve("jobs.log"),
                    "--broker-port", "0"));
            Child java = javaEnds(options, engine, started);
            List<Subject> enqueue = new ArrayList<>(List.of(
                    new Subject(
                            ENQUEUE, "a job kept, Java SDK, nobody serves its function", KEPT, java, ENQUEUE, engine.pid()),
                    new Subject(
                            SHARED_ENQUEUE,
                            "the same, `share_group`, the queue is paused",
                            KEPT,
                            java,
                            SHARED_ENQUEUE,
                            engine.pid())));
            List<Subject> jobs = new ArrayList<>(List.of(
                    new Subject(JOBS, "from enqueueing a job to its handler, Java SDK", KEPT, java, JOBS, engine.pid()),
                    new Subject(
                            SHARED_JOBS, "the same, `share_group`", KEPT, java, SHARED_JOBS, engine.pid()),
                    new Subject(
                            NODE_JOBS,
                            "of a usual queue, Node `iii-sdk`",
                            KEPT,
                            started.push(Children.node(options, "node-jobs", "iii-jobs.mjs", engine.workers())),
                            JOBS,
                            engine.pid())));
            if (options.peers()) {
                startBullMq(started, enqueue, jobs);
            }
            run(enqueue, List.of(256));
            run(jobs, List.of(1, 64));
            run(
                    List.of(new Subject(
                            PUBLISH,
                            "from publishing an event until 10 subscriptions have it, Java SDK",
                            "the event in Kafka's log, acks=all; committed within 100 ms",
                            java,
                            PUBLISH,
                            engine.pid())),
                    List.of(1, 64));
            results.fact("jobs_rss", "most resident memory under these jobs", engine.facts().peakMegabytes(), "MB");
        }
    }

    /** The Java SDK's ends of all these scenarios. */
    static Child javaEnds(Options options, EngineProcess engine, Started started) throws IOException {
        return started.push(Child.start(
                "java-jobs", options.logs(), Processes.java(JobsMain.class, Children.JVM, engine.workers()), Map.of()));
    }

    private void startBullMq(Started started, List<Subject> enqueue, List<Subject> jobs) throws InterruptedException {
        try {
            int port = Ports.free();
            Path data = Files.createDirectories(options.target().resolve("data/redis"));
            Server redis = started.push(Server.start(
                    "redis-server",
                    options.logs(),
                    List.of("redis-server", "--bind", "127.0.0.1", "--port", Integer.toString(port), "--appendonly", "yes",
                            "--save", "", "--dir", data.toString()),
                    Map.of(),
                    port));
            String address = Integer.toString(port);
            Child node = started.push(Children.node(options, "bullmq", "bullmq/jobs.mjs", address));
            enqueue.add(new Subject(BULLMQ_ENQUEUE, "BullMQ: a job added, nobody works", REDIS, node, ENQUEUE, redis.pid()));
            jobs.add(new Subject(BULLMQ_JOBS, "BullMQ: from adding a job to its handler, Node", REDIS, node, JOBS, redis.pid()));
        } catch (IOException e) {
            results.skip("BullMQ: " + e.getMessage());
        }
    }

    private void run(List<Subject> subjects, List<Integer> inFlight) throws IOException {
        results.subjects.addAll(subjects);
        List<Row> rows = new Rounds(options, inFlight).run(subjects);
        results.rows.addAll(rows);
    }
}
