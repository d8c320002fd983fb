package io.iiikafka.gateway.queue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import io.iiikafka.gateway.kafka.TopicReading;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer's life as a member of the share group of a queue.
 *
 * <p>How Kafka 4.3.1 behaves decides how this works. {@code poll} throws while a record of the last poll is not acknowledged;
 * after a renewal it gives back the renewed records, and no others, until they are acknowledged. So one consumer cannot read on
 * while a job takes long. Further consumers would not help: each joins for some seconds, and one that waits for its slow job keeps
 * the partitions that it has been given. So what takes longer than {@link #PATIENCE_MS} is {@linkplain ShareJob#lend lent}: the
 * keeper has the job, durably, the record is accepted, the worker goes on, and the consumer reads on. That costs two commands of
 * the keeper, as much as a job that was the keeper's from the beginning; jobs that are done in that time cost it nothing.
 *
 * <p>Records for which this gateway has no place yet wait here, with renewals: there is nothing to read for then. When none
 * becomes free for a while, all places have long jobs: the records go back, for others to run, and the next reading asks for no
 * more than there are places. {@link #run} returns for that, and when more can be read at once than this was opened for.
 *
 * <p>A poll that gives nothing leaves the client reading: it holds for the next poll what comes meanwhile, also when their locks
 * expire and others get the same records. So {@link #run} returns too when nothing is to be read for a while, and what is polled
 * after such a time is renewed first.
 */
final class ShareReading implements TopicReading {

    /** So long others of the queue wait for a job, once. */
    static final long PATIENCE_MS = 50;

    private static final Logger LOG = LoggerFactory.getLogger(ShareReading.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration RENEWAL = Duration.ofMillis(200);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
    private static final int USUAL_LOCK_MS = 30_000;
    private static final int MOST_RENEWALS = 10;

    /** So long records wait for a place while other gateways might have one. */
    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private record Place(TopicPartition partition, long offset) {

        static Place of(ConsumerRecord<byte[], byte[]> record) {
            return new Place(new TopicPartition(record.topic(), record.partition()), record.offset());
        }
    }

    private static final class Held {
        private final ConsumerRecord<byte[], byte[]> record;
        private @Nullable ShareJob job;
        private boolean dealtWith;

        Held(ConsumerRecord<byte[], byte[]> record) {
            this.record = record;
        }
    }

    private final ShareConsumer<byte[], byte[]> consumer;
    private final String topic;
    private final int mostRead;
    private final boolean widest;
    private final Places places;
    private final BooleanSupplier paused;
    private final Predicate<ConsumerRecord<byte[], byte[]>> purged;
    private final ShareJobs jobs;
    private final Map<Place, Held> open = new HashMap<>();
    /** Those that poll has not given back yet. */
    private final Map<Place, Held> renewing = new HashMap<>();
    private final Deque<Held> waiting = new ArrayDeque<>();
    private final BlockingQueue<Runnable> finished = new LinkedBlockingQueue<>();
    private final Object waking = new Object();
    private boolean wakeable;
    private boolean member;
    private long polledNanos;
    private long tookNanos;
    private boolean tooWide;
    private boolean tooNarrow;
    private volatile boolean wantsPlace;
    private volatile boolean stopping;

    /**
     * @param consumer is closed with this
     * @param mostRead so many records it reads at once, at most
     * @param widest no other would read more
     * @param purged which records are not to be run any more, though they were read
     */
    ShareReading(
            ShareConsumer<byte[], byte[]> consumer,
            String topic,
            int mostRead,
            boolean widest,
            Places places,
            BooleanSupplier paused,
            Predicate<ConsumerRecord<byte[], byte[]>> purged,
            ShareJobs jobs) {
        this.consumer = consumer;
        this.topic = topic;
        this.mostRead = mostRead;
        this.widest = widest;
        this.places = places;
        this.paused = paused;
        this.purged = purged;
        this.jobs = jobs;
        consumer.setAcknowledgementCommitCallback((offsets, failure) -> {
            if (failure != null) { // they come again, and are the keeper's then
                offsets.forEach((partition, lost) ->
                        lost.forEach(offset -> renewing.remove(new Place(partition.topicPartition(), offset))));
                LOG.atDebug().addKeyValue("topic", topic).addKeyValue("cause", failure.getMessage()).log("Not acknowledged");
            }
        });
    }

    @Override
    public void run() {
        while (!stopping && !tooWide && !tooNarrow) {
            boolean idle = places.part() == 0 || paused.getAsBoolean();
            if (idle && member) {
                return; // the next one joins when there is something to do; others read what would have come here
            } else if (idle) {
                awaitFinished(places.part() == 0 ? POLL.toMillis() : PATIENCE_MS);
            } else if (!places.any() && !owes()) {
                consumer.commitAsync();
                awaitPlace();
            } else {
                join();
                int left = places.left();
                tooNarrow = read() >= mostRead && !widest && left >= 2 * mostRead;
            }
        }
    }

    private void join() {
        if (!member) {
            consumer.subscribe(List.of(topic));
            member = true;
            polledNanos = System.nanoTime();
        }
    }

    /** Gives how many records there were; all of them are dealt with. */
    private int read() {
        long away = System.nanoTime() - polledNanos;
        ConsumerRecords<byte[], byte[]> records = poll(POLL);
        polledNanos = System.nanoTime();
        if (!records.isEmpty() && away > renewalNanos() && !isRenewed(records)) {
            renew(records);
        } else {
            records.forEach(this::hold);
        }
        work();
        return records.count();
    }

    /** All of one poll are, or none. */
    private boolean isRenewed(ConsumerRecords<byte[], byte[]> records) {
        return renewing.containsKey(Place.of(records.iterator().next()));
    }

    private ConsumerRecords<byte[], byte[]> poll(Duration patience) {
        wakeable(true);
        try {
            return stopping ? ConsumerRecords.empty() : polled(patience);
        } finally {
            wakeable(false);
        }
    }

    private ConsumerRecords<byte[], byte[]> polled(Duration patience) {
        try {
            return consumer.poll(patience);
        } catch (WakeupException e) {
            return ConsumerRecords.empty(); // the reader is to close
        }
    }

    private void wakeable(boolean now) {
        synchronized (waking) {
            wakeable = now;
        }
    }

    /** Until all of them are dealt with. */
    private void work() {
        long lendNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        long renewNanos = System.nanoTime() + renewalNanos();
        tookNanos = System.nanoTime();
        begin();
        while (!open.isEmpty()) {
            long now = System.nanoTime();
            if (stopping || places.part() == 0) {
                release();
            } else if (!waiting.isEmpty() && !paused.getAsBoolean() && places.shared() && now - tookNanos >= WAIT_NANOS) {
                release();
                tooWide = true;
            }
            if (stopping || now - lendNanos >= 0) {
                if (waiting.isEmpty()) {
                    open.values().forEach(ShareReading::lend);
                } else {
                    consumer.commitAsync();
                }
                lendNanos = now + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
            }
            if (!stopping && now - renewNanos >= 0) {
                renew(open.values().stream().map(held -> held.record).toList());
                renewNanos = System.nanoTime() + renewalNanos();
            }
            wantsPlace = !waiting.isEmpty();
            awaitFinished(Math.max(1, TimeUnit.NANOSECONDS.toMillis(lendNanos - now)));
            begin();
        }
    }

    /** After so long records are renewed, so that they stay this consumer's. */
    private long renewalNanos() {
        int lockMs = consumer.acquisitionLockTimeoutMs().orElse(USUAL_LOCK_MS);
        return TimeUnit.MILLISECONDS.toNanos(lockMs / 3);
    }

    private void hold(ConsumerRecord<byte[], byte[]> record) {
        Place place = Place.of(record);
        Held renewed = renewing.remove(place);
        if (renewed != null && renewed.dealtWith) {
            acknowledge(record, AcknowledgeType.ACCEPT);
            return;
        }
        Held held = new Held(record);
        if (open.putIfAbsent(place, held) != null) {
            return; // renewed
        }
        if (purged.test(record)) {
            dealtWith(held);
            return;
        }
        jobs.came(record);
        if (ShareJobs.isAgain(record)) { // takes no place
            held.job = jobs.begin(record, () -> {}, () -> finished.add(() -> dealtWith(held)));
        } else {
            waiting.add(held);
        }
    }

    private void begin() {
        while (!stopping && !paused.getAsBoolean() && !waiting.isEmpty()) {
            if (purged.test(waiting.element().record)) {
                dealtWith(waiting.remove());
                continue;
            }
            if (!places.take()) {
                return;
            }
            Held held = waiting.remove();
            tookNanos = System.nanoTime();
            held.job = jobs.begin(held.record, this::placeFree, () -> finished.add(() -> dealtWith(held)));
        }
    }

    private static void lend(Held held) {
        if (held.job != null) {
            held.job.lend();
        }
    }

    private void placeFree() {
        places.free();
        if (wantsPlace) {
            finished.add(() -> {});
        }
    }

    private void dealtWith(Held held) {
        Place place = Place.of(held.record);
        open.remove(place);
        if (renewing.replace(place, held) == null) {
            acknowledge(held.record, AcknowledgeType.ACCEPT);
        }
        held.dealtWith = true;
    }

    /** Whether some are to be accepted as soon as poll gives them back. */
    private boolean owes() {
        return renewing.values().stream().anyMatch(held -> held.dealtWith);
    }

    /** They were not begun. */
    private void release() {
        for (Held held : waiting) {
            open.remove(Place.of(held.record));
            acknowledge(held.record, AcknowledgeType.RELEASE);
        }
        waiting.clear();
    }

    private boolean acknowledge(ConsumerRecord<byte[], byte[]> record, AcknowledgeType type) {
        try {
            consumer.acknowledge(record, type);
            return true;
        } catch (IllegalStateException e) { // its lock is lost, so it comes again, and is the keeper's then
            LOG.atDebug().addKeyValue("topic", topic).addKeyValue("offset", record.offset()).log("Not held any more");
            return false;
        }
    }

    /**
     * A renewed record can only be acknowledged when it was polled again. What does not come back at once, because its broker is
     * slow, may with a later poll; what does not come back at all is somebody else's.
     */
    private void renew(Iterable<ConsumerRecord<byte[], byte[]>> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (acknowledge(record, AcknowledgeType.RENEW)) {
                Place place = Place.of(record);
                Held held = open.get(place);
                renewing.put(place, held == null ? new Held(record) : held);
            }
        }
        boolean some = false;
        for (int i = 0; i < MOST_RENEWALS && !some; i++) { // no poll is allowed while some are back
            ConsumerRecords<byte[], byte[]> back = poll(RENEWAL);
            back.forEach(this::hold);
            some = !back.isEmpty();
        }
    }

    private void awaitPlace() {
        wantsPlace = true;
        if (!places.any()) {
            awaitFinished(POLL.toMillis());
        }
        wantsPlace = false;
    }

    private void awaitFinished(long ms) {
        try {
            Runnable next = finished.poll(ms, TimeUnit.MILLISECONDS);
            while (next != null) {
                next.run();
                next = finished.poll();
            }
        } catch (InterruptedException e) {
            stopping = true; // nobody interrupts it but to end it
        }
    }

    @Override
    public void stop() {
        stopping = true;
        finished.add(() -> {});
        synchronized (waking) {
            if (wakeable) {
                consumer.wakeup();
            }
        }
    }

    /** After an error jobs may be under way: they are lent, or others would run them at once. */
    @Override
    public void close() {
        stopping = true;
        try (consumer) {
            release();
            open.values().forEach(ShareReading::lend);
            long end = System.nanoTime() + CLOSE_PATIENCE.toNanos();
            while (!open.isEmpty() && System.nanoTime() - end < 0) {
                awaitFinished(PATIENCE_MS);
            }
            acceptLate();
            consumer.close(CLOSE_PATIENCE);
        }
    }

    /** Or others would get them, and run them again. */
    private void acceptLate() {
        for (int i = 0; i < MOST_RENEWALS && open.isEmpty() && owes(); i++) {
            for (ConsumerRecord<byte[], byte[]> record : polled(RENEWAL)) {
                Held renewed = renewing.remove(Place.of(record));
                boolean dealtWith = renewed != null && renewed.dealtWith;
                acknowledge(record, dealtWith ? AcknowledgeType.ACCEPT : AcknowledgeType.RELEASE);
            }
        }
    }
}
