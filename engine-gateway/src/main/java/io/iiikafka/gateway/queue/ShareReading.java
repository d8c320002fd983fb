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
import io.iiikafka.gateway.queue.ShareMember.Place;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.jspecify.annotations.Nullable;

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

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration RENEWAL = Duration.ofMillis(200);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
    private static final int MOST_RENEWALS = 10;

    /** So long records wait for a place while other gateways might have one. */
    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final class Held {
        private final ConsumerRecord<byte[], byte[]> record;
        private @Nullable ShareJob job;
        private boolean dealtWith;

        Held(ConsumerRecord<byte[], byte[]> record) {
            this.record = record;
        }
    }

    private final ShareMember member;
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
        this.mostRead = mostRead;
        this.widest = widest;
        this.places = places;
        this.paused = paused;
        this.purged = purged;
        this.jobs = jobs;
        this.member = new ShareMember(consumer, topic, renewing::remove);
    }

    @Override
    public void run() {
        while (!stopping && !tooWide && !tooNarrow) {
            boolean idle = places.part() == 0 || paused.getAsBoolean();
            if (idle && member.hasJoined()) {
                return; // the next one joins when there is something to do; others read what would have come here
            } else if (idle) {
                awaitFinished(places.part() == 0 ? POLL.toMillis() : PATIENCE_MS);
            } else if (!places.any() && !owes()) {
                member.commit();
                awaitPlace();
            } else if (!member.hasJoined() && !widest && places.left() >= 2 * mostRead) {
                return; // places have become free since this was opened
            } else {
                join();
                int left = places.left();
                tooNarrow = read() >= mostRead && !widest && left >= 2 * mostRead;
            }
        }
    }

    private void join() {
        if (!member.hasJoined()) {
            member.join();
            polledNanos = System.nanoTime();
        }
    }

    /** Gives how many records there were; all of them are dealt with. */
    private int read() {
        long away = System.nanoTime() - polledNanos;
        ConsumerRecords<byte[], byte[]> records = member.poll(POLL);
        polledNanos = System.nanoTime();
        if (!records.isEmpty() && away > member.renewalNanos() && !isRenewed(records)) {
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

    /** Until all of them are dealt with. */
    private void work() {
        long lendNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        long renewNanos = System.nanoTime() + member.renewalNanos();
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
                    member.commit();
                }
                lendNanos = now + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
            }
            if (!stopping && now - renewNanos >= 0) {
                renew(open.values().stream().map(held -> held.record).toList());
                renewNanos = System.nanoTime() + member.renewalNanos();
            }
            wantsPlace = !waiting.isEmpty();
            awaitFinished(Math.max(1, TimeUnit.NANOSECONDS.toMillis(lendNanos - now)));
            begin();
        }
    }

    private void hold(ConsumerRecord<byte[], byte[]> record) {
        Place place = Place.of(record);
        Held renewed = renewing.remove(place);
        if (renewed != null && renewed.dealtWith) {
            member.acknowledge(record, AcknowledgeType.ACCEPT);
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
            member.acknowledge(held.record, AcknowledgeType.ACCEPT);
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
            member.acknowledge(held.record, AcknowledgeType.RELEASE);
        }
        waiting.clear();
    }

    /**
     * A renewed record can only be acknowledged when it was polled again. What does not come back at once, because its broker is
     * slow, may with a later poll; what does not come back at all is somebody else's.
     */
    private void renew(Iterable<ConsumerRecord<byte[], byte[]>> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (member.acknowledge(record, AcknowledgeType.RENEW)) {
                Place place = Place.of(record);
                Held held = open.get(place);
                renewing.put(place, held == null ? new Held(record) : held);
            }
        }
        boolean some = false;
        for (int i = 0; i < MOST_RENEWALS && !some; i++) { // no poll is allowed while some are back
            ConsumerRecords<byte[], byte[]> back = member.poll(RENEWAL);
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
            stop(); // nobody interrupts it but to end it
        }
    }

    @Override
    public void stop() {
        stopping = true;
        finished.add(() -> {});
        member.stop();
    }

    /** After an error jobs may be under way: they are lent, or others would run them at once. */
    @Override
    public void close() {
        stopping = true;
        try {
            release();
            open.values().forEach(ShareReading::lend);
            long end = System.nanoTime() + CLOSE_PATIENCE.toNanos();
            while (!open.isEmpty() && System.nanoTime() - end < 0) {
                awaitFinished(PATIENCE_MS);
            }
            acceptLate();
        } finally {
            member.close(CLOSE_PATIENCE);
        }
    }

    /** Or others would get them, and run them again. */
    private void acceptLate() {
        for (int i = 0; i < MOST_RENEWALS && open.isEmpty() && owes(); i++) {
            for (ConsumerRecord<byte[], byte[]> record : member.pollInAnyCase(RENEWAL)) {
                Held renewed = renewing.remove(Place.of(record));
                boolean dealtWith = renewed != null && renewed.dealtWith;
                member.acknowledge(record, dealtWith ? AcknowledgeType.ACCEPT : AcknowledgeType.RELEASE);
            }
        }
    }
}
