package io.iiikafka.topology.keeper;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogStore;
import io.iiikafka.topology.catalog.FunctionKey;
import io.iiikafka.topology.catalog.FunctionNotFound;
import io.iiikafka.topology.keeper.job.Attempt;
import io.iiikafka.topology.keeper.job.JobWatch;
import io.iiikafka.topology.keeper.job.Jobs;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.CallCodec;
import io.iiikafka.topology.record.HeaderNames;
import io.iiikafka.topology.record.Origin;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.record.RoutedCall;
import io.iiikafka.topology.topics.KeeperStore;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the commands of one partition, in order: hands each to the desk of its room, answers the caller, and writes the
 * calls that it causes.
 *
 * <p>Exactly once: after a crash Streams rolls back what was not committed and hands it over again. Its callers have
 * their answers already, so a command must come to the same again, however late that is. Therefore nothing here asks
 * the clock, and a command whose deadline has passed meanwhile is still run: its caller was told that it may have been.
 */
final class CommandRunner implements Processor<byte[], byte[], byte[], Object> {

    private static final Logger LOG = LoggerFactory.getLogger(CommandRunner.class);

    /** From this number on it is a desk that waits for the outcome, not a job. */
    private static final long DESKS = 1L << 58;

    /** In place of a command's offset. */
    private static final long OF_CLOCK = -1;

    /** How long a command may wait for the catalog to reach the position that its gateway had seen. */
    private static final long CATALOG_WAIT_MS = 2_000;

    private final List<OpenRoom> rooms;
    private final FiringSpans spans;
    private final JobWatch watch;
    private final FiringLimit limit;
    private final Map<String, Desk> desks = new HashMap<>();
    private final Map<@Nullable Room, Desk> late = new HashMap<>();
    @SuppressWarnings("NullAway.Init")
    private ProcessorContext<byte[], Object> context;

    @SuppressWarnings("NullAway.Init")
    private Catalog catalog;

    @SuppressWarnings("NullAway.Init")
    private Output output;

    @SuppressWarnings("NullAway.Init")
    private Alarm alarm;

    @SuppressWarnings("NullAway.Init")
    private Jobs jobs;

    CommandRunner(List<OpenRoom> rooms, FiringSpans spans, JobWatch watch, FiringLimit limit) {
        this.rooms = rooms;
        this.spans = spans;
        this.watch = watch;
        this.limit = limit;
    }

    @Override
    public void init(ProcessorContext<byte[], Object> context) {
        this.context = context;
        this.catalog = context.<CatalogStore>getStateStore(CatalogStore.NAME).catalog();
        this.output = new Output(context, catalog);
        jobs = new Jobs(
                store(KeeperStore.JOBS.storeName()),
                store(KeeperStore.DEAD_LETTERS.storeName()),
                catalog,
                this::isOwn,
                context::currentSystemTimeMs,
                watch,
                spans.deliveries());
        for (OpenRoom room : rooms) {
            Desk desk = room.desks().open(this::store, jobs);
            late.put(room.room(), desk);
            room.room().functions().forEach(function -> desks.put(function.id(), desk));
            room.room().parts().forEach(part -> desks.put(part, desk));
        }
        alarm = new Alarm(context, nowMs -> tick(OF_CLOCK, nowMs));
        setAlarm();
    }

    @Override
    public void close() {
        late.values().forEach(Desk::close);
        jobs.close();
    }

    /**
     * Nobody waits for what comes of it.
     *
     * @param offset of the command that asks for it, whose time is a gateway's; {@link #OF_CLOCK}: it is this process's
     */
    private void tick(long offset, long nowMs) {
        jobs.at(offset);
        Call call = new Call(
                "tick", LookAround.ID, Call.DEFAULT_NAMESPACE, null, null, false, null, null, null, Long.MAX_VALUE);
        Command tick = new Command(call, context.taskId().partition(), offset, nowMs, null);
        for (Desk desk : late.values()) {
            try {
                Decision decision = desk.tick(tick);
                output.tell(decision, nowMs);
                decision.later().forEach(later -> output.leave(later, nowMs));
                fire(decision.firings(), tick);
            } catch (KafkaException e) {
                throw e;
            } catch (RuntimeException | StackOverflowError e) {
                LOG.atError().setCause(e).log("What was due could not be done");
            }
        }
        List<Attempt> begun = offset == OF_CLOCK ? jobs.tick(nowMs) : jobs.begun();
        begun.forEach(attempt -> attempt(attempt, nowMs));
        setAlarm();
    }

    private void setAlarm() {
        late.values().forEach(desk -> alarm.set(desk.nextDueMs()));
        alarm.set(jobs.nextDueMs());
    }

    private <S extends StateStore> S store(String name) {
        return context.getStateStore(name);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata metadata = context.recordMetadata().orElseThrow();
        RoutedCall routed = CallCodec.decode(record.headers(), record.value());
        if (routed == null) {
            LOG.atWarn()
                    .addKeyValue("partition", metadata.partition())
                    .addKeyValue("offset", metadata.offset())
                    .log("Ignored a command that names no function");
            return;
        }
        Command command = new Command(
                routed.call(), metadata.partition(), metadata.offset(), record.timestamp(), routed.origin());
        if (command.call().deadlineMs() < command.timestampMs()) {
            return; // it was written too late to be run at all
        }
        jobs.at(command.offset());
        if (Jobs.isAnswer(command.call())) {
            takeAnswer(command);
            return;
        }
        awaitCatalog(routed.position());
        if (command.call().functionId().equals(LookAround.ID)) {
            tick(command.offset(), command.timestampMs());
            output.answer(command, Outcome.NO_VALUE, command.timestampMs());
            return;
        }
        Decision decision = run(command);
        if (decision.outcome() != null) {
            output.answer(command, decision.outcome(), command.timestampMs());
        }
        output.tell(decision, command.timestampMs());
        fire(spans.around(decision.firings(), command), command);
        decision.later().forEach(later -> output.leave(later, command.timestampMs()));
        jobs.begun().forEach(attempt -> attempt(attempt, command.timestampMs()));
    }

    private void takeAnswer(Command command) {
        Origin asked = command.origin();
        if (asked == null || !asked.isKeeper() || asked.slot() != command.partition()) {
            return;
        }
        if (asked.number() >= DESKS) {
            takeDesksAnswer(asked.number() - DESKS, command);
            return;
        }
        try {
            jobs.answered(asked.number(), command.call(), command.timestampMs())
                    .forEach(attempt -> attempt(attempt, command.timestampMs()));
        } catch (KafkaException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            LOG.atError().addKeyValue("position", command.position()).setCause(e).log("An answer could not be taken");
        }
        alarm.set(jobs.nextDueMs());
    }

    private void takeDesksAnswer(long number, Command command) {
        spans.end(command.call().invocationId(), command.call().functionId().equals(HeaderNames.COMPLETED));
        for (Desk desk : late.values()) {
            try {
                Decision decision = desk.answered(number, command);
                if (decision != null) {
                    fire(decision.firings(), command);
                    alarm.set(desk.nextDueMs());
                }
            } catch (KafkaException e) {
                throw e;
            } catch (RuntimeException | StackOverflowError e) {
                LOG.atError().addKeyValue("position", command.position()).setCause(e).log("An answer could not be taken");
            }
        }
    }

    /**
     * What fails in Kafka is tried again, by ending the thread; a command on which we fail must not hold up others, nor one
     * whose data is so deep that we run out of stack: the next thread would, too.
     */
    private Decision run(Command command) {
        Call call = command.call();
        Desk desk = call.namespace().equals(Call.DEFAULT_NAMESPACE) ? desk(call.functionId()) : null;
        if (desk == null) {
            FunctionKey function = new FunctionKey(call.namespace(), call.functionId());
            return Decision.of(FunctionNotFound.outcome(catalog, function, call.callerWorkerId() != null));
        }
        try {
            Decision decision = desk.run(command);
            alarm.set(Math.min(desk.nextDueMs(), jobs.nextDueMs()));
            return decision;
        } catch (KafkaException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            LOG.atError()
                    .addKeyValue("function", call.functionId())
                    .addKeyValue("position", command.position())
                    .setCause(e)
                    .log("A command failed");
            return Decision.of(EngineFault.of(call.functionId(), e));
        }
    }

    /** Whether the engine itself runs the function, here or on every gateway. */
    private boolean isOwn(FunctionKey function) {
        return function.namespace().equals(Call.DEFAULT_NAMESPACE)
                && (function.id().startsWith("engine::") || desk(function.id()) != null);
    }

    private @Nullable Desk desk(String functionId) {
        Desk desk = desks.get(functionId);
        return desk != null ? desk : late.get(rooms.stream()
                .map(OpenRoom::room)
                .filter(room -> room.serves(functionId))
                .findFirst()
                .orElse(null));
    }

    private void fire(List<Firing> firings, Command command) {
        if (firings.isEmpty()) {
            return;
        }
        long nowMs = command.timestampMs();
        long position = catalog.position();
        SharedDeliveries together = new SharedDeliveries((slot, calls) -> output.deliver(slot, calls, nowMs));
        try {
            firings.stream().filter(limit::admits).forEach(firing -> fire(firing, position, nowMs, together));
        } finally {
            together.flush();
        }
    }

    private void fire(Firing firing, long position, long nowMs, SharedDeliveries together) {
        if (firing.awaited() > 0) {
            fireAwaited(firing, position, nowMs);
        } else if (firing.terms() != null) {
            jobs.add(firing.call(), firing.condition(), firing.terms(), nowMs).forEach(attempt -> attempt(attempt, nowMs));
            alarm.set(jobs.nextDueMs());
        } else {
            RoutedCall routed = new RoutedCall(
                    firing.call(), null, position, 0, firing.condition(), firing.worker(), firing.topic());
            Integer slot = output.slot(routed);
            if (slot == null) {
                output.call(routed, nowMs);
            } else {
                together.add(slot, routed);
            }
        }
    }

    private void fireAwaited(Firing firing, long position, long nowMs) {
        Origin origin = Origin.keeper(context.taskId().partition(), DESKS + firing.awaited());
        String traceparent = spans.begin(firing.call(), String.valueOf(firing.expression()));
        Call call = traceparent == null ? firing.call() : firing.call().below(traceparent);
        output.callAfterCommit(new RoutedCall(call, origin, position, 0, firing.condition(), firing.worker()), nowMs);
    }

    /** Its outcome comes back to this partition. */
    private void attempt(Attempt begun, long nowMs) {
        String traceparent = begun.isAgreed() ? spans.deliveries().begin(begun) : null;
        Attempt attempt = traceparent == null ? begun : begun.below(traceparent);
        int partition = context.taskId().partition();
        Origin origin = attempt.keepsResult()
                ? Origin.keeperForResult(partition, attempt.number())
                : Origin.keeper(partition, attempt.number());
        output.deliver(new RoutedCall(attempt.call(), origin, catalog.position(), 0, attempt.condition(), null), nowMs);
    }

    /**
     * A change is reported to the triggers that its caller had seen registered. The wait is bounded, because a foreign
     * record may name a position that will never come; the command is run in any case.
     */
    private void awaitCatalog(long position) {
        try {
            if (!catalog.awaitPosition(position, CATALOG_WAIT_MS)) {
                LOG.atWarn()
                        .addKeyValue("position", position)
                        .addKeyValue("catalog", catalog.position())
                        .log("The catalog lags behind; a change may miss triggers registered a moment ago");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
