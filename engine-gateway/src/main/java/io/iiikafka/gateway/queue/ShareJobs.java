package io.iiikafka.gateway.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.iiikafka.gateway.invocation.Dispatcher;
import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.catalog.FunctionKey;
import io.iiikafka.topology.catalog.FunctionNotFound;
import io.iiikafka.topology.keeper.job.Attempt;
import io.iiikafka.topology.keeper.job.DeliveredBaggage;
import io.iiikafka.topology.keeper.job.DeliverySpans;
import io.iiikafka.topology.keeper.job.JobWatch;
import io.iiikafka.topology.queue.QueueSettings;
import io.iiikafka.topology.queue.ShareGroup;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.JobCodec;
import io.iiikafka.topology.record.Outcome;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Runs the records of a queue's topic: on a worker of this gateway if one serves the function, else as any call. What was
 * delivered before is the keeper's at once, which knows whether it has it already. Any thread.
 */
final class ShareJobs {

    private final String queue;
    private final Supplier<QueueSettings> settings;
    private final EngineInvoker invoker;
    private final Dispatcher workers;
    private final Catalog catalog;
    private final KeeperDoor door;
    private final JobWatch.OfQueue watch;
    private final DeliverySpans spans;
    private final AtomicInteger unread = new AtomicInteger();
    private final int deliveryLimit;
    private final int largest;
    private final Set<ShareJob> running = ConcurrentHashMap.newKeySet();

    /**
     * @param deliveryLimit after so many deliveries of a record Kafka forgets it
     * @param largest in bytes; a longer record is laid aside without its value, as the keeper could not take it
     */
    ShareJobs(
            String queue,
            Supplier<QueueSettings> settings,
            EngineInvoker invoker,
            Dispatcher workers,
            Catalog catalog,
            KeeperDoor door,
            JobWatch watch,
            DeliverySpans spans,
            int deliveryLimit,
            int largest) {
        this.queue = queue;
        this.settings = settings;
        this.invoker = invoker;
        this.workers = workers;
        this.catalog = catalog;
        this.door = door;
        this.watch = watch.of(EntryKey.queue(queue));
        this.spans = spans;
        this.deliveryLimit = deliveryLimit;
        this.largest = largest;
    }

    /** A record was read. One that was read before is counted already. */
    void came(ConsumerRecord<byte[], byte[]> record) {
        if (!isAgain(record)) {
            watch.enqueued();
        }
    }

    /** So many records are not dealt with, which one gateway counts for all. */
    void unread(int records) {
        watch.jobs(records - unread.getAndSet(records));
    }

    /**
     * Begins with a record.
     *
     * @param over told once when it takes no place any more
     * @param dealtWith told once when the record need not be held any more
     * @return null: it is not run here
     */
    @Nullable ShareJob begin(ConsumerRecord<byte[], byte[]> record, Runnable over, Runnable dealtWith) {
        QueueSettings now = settings.get();
        JobCodec.Head head = JobCodec.head(record.headers());
        String place = record.topic() + "-" + record.partition() + "@" + record.offset();
        String receipt = head.receipt() == null
                ? UUID.nameUUIDFromBytes(place.getBytes(UTF_8)).toString()
                : head.receipt();
        ShareGroup share = now.share();
        String function = head.function() == null && share != null ? share.functionId() : head.function();
        int size = size(record);
        boolean tooLarge = size > largest;
        RawJson data = record.value() == null || tooLarge ? RawJson.NULL : RawJson.parse(record.value());
        long deadlineMs = System.currentTimeMillis() + now.timeoutMs();
        Call call = new Call(
                receipt,
                function == null ? "" : function,
                head.namespace(),
                data == null ? RawJson.ofValue(Base64.getEncoder().encodeToString(record.value())) : data,
                tooLarge ? null : head.metadata(),
                true,
                null,
                head.traceparent(),
                DeliveredBaggage.of(head.baggage()),
                deadlineMs);
        long enqueuedMs = enqueuedMs(head, record);
        KeeperDoor.Kept job = new KeeperDoor.Kept(queue, call, "record/" + place, enqueuedMs);
        ErrorBody wrong = tooLarge
                ? ErrorCode.PAYLOAD_TOO_LARGE.body("The record at " + place + " takes " + size + " bytes, the limit is " + largest
                        + "; its value is in the topic only")
                : wrong(function, data, place, record.deliveryCount().orElse((short) 1));
        if (wrong != null) {
            over.run();
            door.buried(job, wrong, dealtWith);
            return null;
        }
        Outcome notHere = notHere(call, record.deliveryCount().orElse((short) 1));
        if (notHere instanceof Outcome.Failure failure) {
            over.run();
            door.notRun(job, failure.error(), dealtWith);
            return null;
        }
        watch.delivered(System.currentTimeMillis() - record.timestamp());
        return run(now.deliverInfo() ? told(call, now, enqueuedMs) : call, job, over, dealtWith);
    }

    /** Anybody may have written the record, so that neither need be a time. */
    private static long enqueuedMs(JobCodec.Head head, ConsumerRecord<byte[], byte[]> record) {
        return head.enqueuedAtMs() > 0 ? head.enqueuedAtMs() : Math.max(1, record.timestamp());
    }

    private static int size(ConsumerRecord<byte[], byte[]> record) {
        int size = Math.max(0, record.serializedValueSize());
        for (Header header : record.headers()) {
            size += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return size;
    }

    /** Whether it was delivered before: it is the keeper's then, and needs no place. */
    static boolean isAgain(ConsumerRecord<byte[], byte[]> record) {
        return record.deliveryCount().orElse((short) 1) > 1;
    }

    private @Nullable ErrorBody wrong(@Nullable String function, @Nullable RawJson data, String place, short deliveries) {
        if (function == null) {
            return ErrorCode.UNREADABLE_RECORD.body("The record at " + place + " names no function: set its header iii_function,"
                    + " or function_id of queue '" + queue + "'");
        }
        if (data == null) {
            return ErrorCode.UNREADABLE_RECORD.body("The value of the record at " + place + " is not JSON in UTF-8");
        }
        return isSpent(deliveries, deliveryLimit)
                ? ErrorCode.DELIVERY_LIMIT.body("The record at " + place + " was delivered " + deliveries
                        + " times, and never dealt with")
                : null;
    }

    /**
     * Whether Kafka is about to forget the record. Not at the second delivery, however low the limit: a gateway may have given
     * the record back, or ended, and to leave it to the keeper is as good as to lay it aside there.
     */
    static boolean isSpent(int deliveries, int limit) {
        return deliveries > 2 && deliveries >= limit - 1;
    }

    /** Why the keeper is to run it; null: nothing speaks against this gateway. */
    private @Nullable Outcome notHere(Call call, short deliveries) {
        if (deliveries > 1) {
            return Outcome.failure(ErrorCode.INVOCATION_STOPPED, "The gateway that had the job is gone");
        }
        FunctionKey function = new FunctionKey(call.namespace(), call.functionId());
        boolean served = catalog.serves(function)
                || invoker.engineFunction(function.namespace(), function.id()) != null
                || invoker.keeperFunction(function.namespace(), function.id()) != null;
        return served ? null : FunctionNotFound.outcome(catalog, function, false);
    }

    private ShareJob run(Call told, KeeperDoor.Kept kept, Runnable over, Runnable dealtWith) {
        Call call = inSpan(told, kept);
        long beganMs = System.currentTimeMillis();
        watch.running(1);
        ShareJob[] self = new ShareJob[1];
        ShareJob job = new ShareJob(
                door,
                kept,
                call.deadlineMs(),
                outcome -> {
                    running.remove(self[0]);
                    watch.running(-1);
                    watch.ended(outcome instanceof Outcome.Success, System.currentTimeMillis() - beganMs);
                    if (call != told) {
                        spans.end(kept.once(), errorOf(outcome));
                    }
                    over.run();
                },
                dealtWith);
        self[0] = job;
        running.add(job);
        if (!workers.deliverHere(call, job::ended)) {
            invoker.invoke(call, job::ended, job::isUnderWay);
        }
        return job;
    }

    private static @Nullable RawJson errorOf(Outcome outcome) {
        return outcome instanceof Outcome.Failure failure ? RawJson.ofValue(failure.error()) : null;
    }

    /** Below the span of its delivery, if it is part of a trace. */
    private Call inSpan(Call call, KeeperDoor.Kept kept) {
        if (call.traceparent() == null) {
            return call;
        }
        Call named = call.named(kept.once()); // others may have the same receipt
        String below = spans.begin(new Attempt(named, null, 0, EntryKey.queue(queue), call.invocationId(), 0, false, null));
        return below == null ? call : call.below(below);
    }

    /** With what handlers are told of the delivery (spec: queue.md 12.3). */
    private Call told(Call call, QueueSettings now, long enqueuedMs) {
        JsonBuilder metadata = JsonBuilder.object();
        RawJson own = call.metadata();
        if (own != null && own.isObject()) {
            own.forEachMember(metadata::member);
        }
        RawJson delivery = JsonBuilder.object()
                .member("receipt", call.invocationId())
                .member("queue", queue)
                .member("attempt", 1)
                .member("max_attempts", now.maxAttempts())
                .member("enqueued_at", enqueuedMs)
                .member("group", (String) null)
                .member("deadline", call.deadlineMs())
                .build();
        return new Call(
                call.invocationId(),
                call.functionId(),
                call.namespace(),
                call.data(),
                metadata.member("iii_delivery", delivery).build(),
                true,
                null,
                call.traceparent(),
                call.baggage(),
                call.deadlineMs());
    }

    /** Ends what had its time. */
    void endLate(long nowMs) {
        running.forEach(job -> job.endIfLate(nowMs));
    }

    /** Lets the job go on at least until then; false: it does not run here. */
    boolean extend(String receipt, long untilMs) {
        boolean extended = false;
        for (ShareJob job : running) {
            extended |= job.extend(receipt, untilMs);
        }
        return extended;
    }

    boolean isIdle() {
        return running.isEmpty();
    }

    /** Tells the keeper of those that are lent. */
    void lendAgain() {
        running.forEach(ShareJob::lendAgain);
    }
}
