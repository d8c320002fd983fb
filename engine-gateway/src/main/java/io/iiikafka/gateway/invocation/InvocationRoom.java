package io.iiikafka.gateway.invocation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.iiikafka.gateway.catalog.CatalogReader;
import io.iiikafka.gateway.tracing.Tracing;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.membership.PromptConsumer;
import io.iiikafka.topology.topics.Topics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that moves calls through this gateway, wired together: the way out, results, slots, dispatch. */
public final class InvocationRoom implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InvocationRoom.class);
    private static final long EXPIRY_SWEEP_MS = 500;
    private static final long RESULTS_PATIENCE_S = 10;
    private static final long DEBTS_PATIENCE_S = 2;

    private final Vertx vertx;
    private final String gateway;
    private final Topics topics;
    private final RecordWriter writer;
    private final Tracing tracing;
    private final ResultReader results;
    private final CallPath path;
    private final PendingCalls pending;
    private final Outcomes outcomes;
    private final Conditions conditions;
    private final LocalFunctions localFunctions = new LocalFunctions();
    private final Dispatcher dispatcher;
    private final EngineInvoker invoker;
    private final Debts debts = new Debts();
    private final OwedDeliveries owedDeliveries;
    private @Nullable SlotReader slots;
    private long expiryTimer;

    public InvocationRoom(
            Vertx vertx,
            String gateway,
            Topics topics,
            RecordWriter writer,
            Catalog catalog,
            CatalogReader catalogReader,
            Map<String, Object> clientProperties,
            int maxInFlight,
            long maxInFlightBytes,
            Duration reconnectGrace,
            Tracing tracing) {
        this.vertx = vertx;
        this.gateway = gateway;
        this.topics = topics;
        this.writer = writer;
        this.tracing = tracing;
        this.pending = new PendingCalls();
        this.results = new ResultReader(gateway, topics.results(), pending, clientProperties);
        this.path = new CallPath(
                gateway,
                topics.invocations(),
                writer,
                catalog,
                results,
                pending,
                maxInFlight,
                new LargePayloads(maxInFlightBytes));
        this.outcomes = new Outcomes(gateway, writer, topics.results(), topics.commands());
        ConditionQueues unasked = new ConditionQueues(new LargePayloads(maxInFlightBytes / 2), maxInFlight);
        this.conditions = new Conditions(this::invoker, outcomes, "/gateways/" + gateway, unasked);
        this.dispatcher = new Dispatcher(
                gateway,
                localFunctions,
                catalog,
                path,
                outcomes,
                conditions,
                this::invoker,
                new LargePayloads(maxInFlightBytes),
                tracing);
        this.owedDeliveries = new OwedDeliveries(topics.deliveries(), dispatcher, clientProperties);
        VanishedFunctions vanished = new VanishedFunctions(vertx, catalog, reconnectGrace);
        catalog.listen(vanished);
        KeeperCalls keeper = new KeeperCalls(path, topics.commands(), writer.partitions(topics.commands()));
        this.invoker = new EngineInvoker(vertx, path, keeper, catalog, catalogReader, vanished, new BuiltinSpans(tracing));
    }

    public LocalFunctions localFunctions() {
        return localFunctions;
    }

    public Dispatcher dispatcher() {
        return dispatcher;
    }

    /** As {@link Dispatcher#watchEvents}. */
    public void watchEvents(int mostWaiting, EventWatch watch) {
        dispatcher.watchEvents(mostWaiting, watch);
    }

    public EngineInvoker invoker() {
        return invoker;
    }

    public Outcomes outcomes() {
        return outcomes;
    }

    /** Tells the listener of frames of stream groups; before the start. */
    public void listen(PushListener listener) {
        results.listen(listener);
    }

    /** Calls made through this gateway that wait for their outcome. */
    public int pendingCalls() {
        return pending.size();
    }

    /** Deliveries that this gateway runs though their slots are others' now: offsets by slot; null when there are none. */
    public @Nullable Map<Integer, List<Long>> owes() {
        return debts.offsets();
    }

    /** Answers {@code invocation_stopped} for what a gateway that is gone owed. */
    public void answerFor(Map<Integer, List<Long>> owed) {
        owedDeliveries.stop(owed);
    }

    /**
     * Joins the gateways that share the slots.
     *
     * @param owned told of all slots that this gateway owns, whenever that changes, and results are read from them
     * @param predecessorGone told of a gateway whose slot came here without a hand-over
     * @param oweMore completes when others know what this gateway {@linkplain #owes() owes}; asked before each hand-over
     *     that adds to it
     */
    public void start(
            Map<String, Object> clientProperties,
            @Nullable String instanceId,
            Consumer<Set<Integer>> owned,
            Consumer<String> predecessorGone,
            Supplier<Future<Void>> oweMore) {
        results.start();
        slots = new SlotReader(
                gateway,
                topics.deliveries(),
                writer.partitions(topics.invocations()),
                dispatcher,
                new OwnedSlots(owned, predecessorGone, oweMore),
                tracing.wrap(new PromptConsumer(
                        SlotReader.properties(clientProperties, topics.slotGroup(), instanceId))));
        slots.start();
        expiryTimer = vertx.setPeriodic(EXPIRY_SWEEP_MS, timer -> {
            long now = System.currentTimeMillis();
            pending.expire(now);
            dispatcher.expire(now);
        });
    }

    private final class OwnedSlots implements SlotListener {

        private final Consumer<Set<Integer>> owned;
        private final Consumer<String> predecessorGone;
        private final Supplier<Future<Void>> oweMore;

        OwnedSlots(
                Consumer<Set<Integer>> owned, Consumer<String> predecessorGone, Supplier<Future<Void>> oweMore) {
            this.owned = owned;
            this.predecessorGone = predecessorGone;
            this.oweMore = oweMore;
        }

        @Override
        public void leavesUnfinished(Map<Integer, List<SlotProgress.Mark>> bySlot) {
            bySlot.forEach(debts::add);
            try {
                oweMore.get().toCompletionStage().toCompletableFuture().get(DEBTS_PATIENCE_S, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                LOG.atWarn()
                        .addKeyValue("slots", bySlot.keySet())
                        .log("If this gateway dies, nobody answers for what it still runs of slots that it hands over");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void slotsChanged(Set<Integer> owns) {
            try {
                results.own(owns).get(RESULTS_PATIENCE_S, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                LOG.atWarn().addKeyValue("slots", owns).log("Results of new slots are not read yet");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            owned.accept(owns);
        }

        @Override
        public void predecessorGone(String predecessor) {
            predecessorGone.accept(predecessor);
        }

        @Override
        public void slotsLost() {
            LOG.warn("This gateway was away for too long and lost its slots; it joins again");
        }
    }

    /** Hands the slots over and ends what still waits. */
    @Override
    public void close() {
        vertx.cancelTimer(expiryTimer);
        if (slots != null) {
            slots.close();
        }
        results.close();
        conditions.close();
        pending.stopAll();
    }
}
