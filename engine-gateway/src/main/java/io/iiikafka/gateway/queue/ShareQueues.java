package io.iiikafka.gateway.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.iiikafka.gateway.Gateway;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import io.iiikafka.topology.keeper.job.DeliverySpans;
import io.iiikafka.topology.keeper.job.JobWatch;
import io.iiikafka.topology.queue.QueueSettings;
import io.iiikafka.topology.queue.ShareGroup;
import io.iiikafka.topology.topics.Topics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queues of the catalog that have a topic, on this gateway: each is written and read as soon as its topic is there; until
 * then its jobs are the keeper's. Closed before the gateway is. Any thread.
 */
final class ShareQueues implements CatalogListener, ShareRounds.Work, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ShareQueues.class);
    private static final long AGAIN_MS = 5_000;
    private static final long OPENING_PATIENCE_MS = 10_000;

    private final Vertx vertx;
    private final Gateway gateway;
    private final NamedQueues named;
    private final Topics topics;
    private final Map<String, Object> clientProperties;
    private final int largestRecord;
    private final ShareBrokers brokers;
    private final JobWatch watch;
    private final DeliverySpans spans;
    private final KeeperDoor door;
    private final ShareRounds rounds;
    private final Map<String, Promise<Void>> opening = new ConcurrentHashMap<>();
    private final Map<String, ShareQueue> open = new ConcurrentHashMap<>();
    /** Not read any more, but with jobs that run. */
    private final Set<ShareQueue> ending = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean counting = new AtomicBoolean();
    private volatile boolean first;
    private volatile boolean begun;
    private volatile boolean closed;

    /** @param spans of deliveries that this gateway makes */
    ShareQueues(
            Vertx vertx,
            Gateway gateway,
            NamedQueues named,
            QueueParts.Sharing sharing,
            DeliverySpans spans) {
        this.vertx = vertx;
        this.gateway = gateway;
        this.named = named;
        this.topics = sharing.topics();
        this.clientProperties = sharing.clientProperties();
        this.largestRecord = sharing.largestRecord();
        this.brokers = new ShareBrokers(sharing);
        this.watch = sharing.watch();
        this.spans = spans;
        this.door = new KeeperDoor(gateway.invoker(), sharing.room());
        this.rounds = new ShareRounds(vertx, this, () -> running().findAny().isPresent());
    }

    /** When all of the catalog is read. */
    void begin() {
        begun = true;
        named.all().keySet().forEach(this::look);
    }

    @Override
    public void endLate() {
        long now = System.currentTimeMillis();
        running().forEach(queue -> queue.jobs().endLate(now));
        ending.removeIf(queue -> queue.isClosed() && queue.jobs().isIdle());
    }

    @Override
    public void lendAgain() {
        running().forEach(queue -> queue.jobs().lendAgain());
    }

    /** The first gateway counts the records, for all; not before it is done with the last count. */
    @Override
    public void count() {
        if (!first) {
            open.values().forEach(queue -> queue.jobs().unread(0));
        } else if (!open.isEmpty() && counting.compareAndSet(false, true)) {
            Thread.ofVirtual().name("share-queues-count").start(this::countAll);
        }
    }

    private void countAll() {
        try {
            Map<String, ShareQueue> counted = Map.copyOf(open);
            Map<String, Long> lags = brokers.topics().lags(counted.keySet());
            brokers.run(() -> lags.forEach((name, records) -> {
                ShareQueue queue = open.get(name);
                if (queue != null && queue == counted.get(name)) {
                    queue.jobs().unread(records.intValue());
                }
            }));
        } catch (KafkaException e) {
            LOG.atDebug().addKeyValue("cause", e.getMessage()).log("Records of queues are counted later");
        } finally {
            counting.set(false);
        }
    }

    private Stream<ShareQueue> running() {
        return Stream.concat(open.values().stream(), ending.stream());
    }

    @Override
    public void changed(CatalogChange change) {
        if (!begun) {
            return;
        }
        for (CatalogEntry entry : new CatalogEntry[] {change.before(), change.after()}) {
            if (entry instanceof CatalogEntry.Queue queue) {
                look(queue.name());
            } else if (entry instanceof CatalogEntry.Gateway) {
                share();
            }
        }
    }

    private void look(String name) {
        boolean wanted = settings(name).share() != null;
        if (wanted && !closed && opening.putIfAbsent(name, Promise.promise()) == null) {
            brokers.run(() -> open(name));
        } else if (!wanted && opening.remove(name) != null) {
            brokers.run(() -> {
                ShareQueue gone = open.get(name);
                if (gone != null) {
                    ending.add(gone); // first, so that it is always among those that run
                    open.remove(name);
                    gone.close();
                    gone.jobs().unread(0);
                }
            });
        }
        share();
    }

    private QueueSettings settings(String name) {
        QueueSettings settings = named.find(name);
        return settings == null ? QueueSettings.DEFAULT : settings;
    }

    private void open(String name) {
        Promise<Void> told = opening.get(name);
        ShareGroup share = settings(name).share();
        if (closed || told == null || share == null || open.containsKey(name)) {
            return;
        }
        String topic = topics.queue(name);
        try {
            int limit = brokers.topics().prepare(name, share);
            gateway.records().know(topic);
            open(name, topic, limit);
            told.tryComplete();
        } catch (KafkaException e) {
            LOG.atWarn()
                    .addKeyValue("queue", name)
                    .addKeyValue("topic", topic)
                    .addKeyValue("cause", e.getMessage())
                    .log("The topic of a queue cannot be used, which is tried again; until then the keeper has its jobs");
            vertx.setTimer(AGAIN_MS, timer -> brokers.run(() -> open(name)));
        }
    }

    private void open(String name, String topic, int limit) {
        Supplier<QueueSettings> settings = () -> settings(name);
        ShareJobs jobs = new ShareJobs(
                name,
                settings,
                gateway.invoker(),
                gateway.dispatcher(),
                gateway.catalog(),
                door,
                watch,
                spans,
                limit,
                largestRecord / 2);
        ShareQueue queue = new ShareQueue(
                name, topic, "/gateways/" + gateway.id(), gateway.records(), clientProperties, new Places(), jobs, settings);
        open.put(name, queue);
        rounds.begin();
        share();
        queue.start();
    }

    /** Divides what may run at once among the gateways. */
    private synchronized void share() {
        List<String> ids = new ArrayList<>();
        gateway.catalog().gateways().stream().filter(each -> !each.draining()).forEach(each -> ids.add(each.id()));
        ids.sort(null);
        int rank = ids.indexOf(gateway.id());
        first = rank == 0;
        open.forEach((name, queue) -> {
            if (rank < 0) {
                queue.places().none();
            } else {
                queue.places().share(settings(name).gatewayConcurrency(), ids.size(), rank);
            }
        });
    }

    /** The queue, if it has a topic that is there. */
    @Nullable ShareQueue find(String name) {
        return closed ? null : open.get(name);
    }

    /** The topic that a queue of that name has. */
    String topic(String name) {
        return topics.queue(name);
    }

    /** Completes when the queue can be written here, if it has a topic; or after some seconds. */
    Future<Void> opened(String name) {
        Promise<Void> told = opening.get(name);
        if (told == null) {
            return Future.succeededFuture();
        }
        return told.future().timeout(OPENING_PATIENCE_MS, TimeUnit.MILLISECONDS).otherwiseEmpty();
    }

    /** The settings, without a topic when the brokers have no share groups. What is paused stays so. */
    Future<QueueSettings> admit(String name, QueueSettings wanted) {
        ShareGroup share = wanted.share();
        if (share == null) {
            return Future.succeededFuture(wanted);
        }
        return brokers.haveShareGroups().map(have -> {
            ShareGroup present = settings(name).share(); // late, as it may have been paused meanwhile
            return wanted.with(!have ? null : present == null ? share : share.after(present));
        });
    }

    /** As {@link #admit(String, QueueSettings)}, of all. */
    Future<Map<String, QueueSettings>> admit(Map<String, QueueSettings> wanted) {
        Map<String, QueueSettings> admitted = new TreeMap<>();
        Future<Void> all = Future.succeededFuture();
        for (Map.Entry<String, QueueSettings> each : wanted.entrySet()) {
            all = all.compose(done -> admit(each.getKey(), each.getValue()))
                    .map(settings -> admitted.put(each.getKey(), settings))
                    .mapEmpty();
        }
        return all.map(admitted);
    }

    /** Lets a job that runs here go on at least until then; false: there is none of that receipt. */
    boolean extend(String receipt, long untilMs) {
        return running().filter(queue -> queue.jobs().extend(receipt, untilMs)).count() > 0;
    }

    /** Holds the records of the queue back, or lets them go again, on all gateways. */
    Future<Void> pause(String name, boolean paused) {
        ShareGroup share = settings(name).share();
        return share == null
                ? Future.succeededFuture()
                : named.change(name, settings(name).with(share.paused(paused)));
    }

    /** Records that are not dealt with; 0 when the queue has no topic. */
    Future<Long> depth(String name) {
        return settings(name).share() == null
                ? Future.succeededFuture(0L)
                : brokers.count(name);
    }

    /** Takes the records away, and gives how many. */
    Future<Long> clear(String name) {
        if (settings(name).share() == null) {
            return Future.succeededFuture(0L);
        }
        long nowMs = System.currentTimeMillis();
        return brokers.ask(asked -> asked.clear(name)).compose(cleared -> {
            ShareGroup share = settings(name).share();
            return share == null
                    ? Future.succeededFuture(cleared.records())
                    : named.change(name, settings(name).with(share.purged(new ShareGroup.Purged(nowMs, cleared.ends()))))
                            .map(cleared.records());
        });
    }

    /** What runs goes on until the gateway is closed; the keeper has it. */
    @Override
    public void close() {
        closed = true;
        brokers.close();
        List<ShareQueue> all = List.copyOf(open.values());
        all.forEach(ShareQueue::close);
        all.forEach(ShareQueue::awaitClosed);
    }
}
