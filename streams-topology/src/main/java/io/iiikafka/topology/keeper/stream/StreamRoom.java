package io.iiikafka.topology.keeper.stream;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.keeper.Page;
import io.iiikafka.topology.keeper.Room;
import org.apache.kafka.streams.state.StoreBuilder;

/** {@code stream::*}: the table of its functions, its stores, and the way from one to the other. */
public final class StreamRoom implements Room {

    /** Tells of a change of an item that a worker keeps. */
    public static final String PROVIDED = ProvidedChange.ID;
    /** Locks an item that a worker keeps. */
    public static final String LOCK = ItemLock.ID;
    /** Subscribes a socket to a group. */
    public static final String JOIN = StreamJoin.ID;
    /** Gives the next {@link Page} of what is there when a socket subscribes. */
    public static final String NEXT = StreamListNext.ID;
    /** Ends a subscription. */
    public static final String LEAVE = StreamLeave.ID;
    /** Ends what a gateway left behind. */
    public static final String DEPART = StreamDepart.ID;

    /** Waits for an event of a group. */
    public static final String WAIT = LogWait.ID;
    /** Parts of consumer groups, for gateways to ask for. */
    public static final String CONSUMER_DEFINE = ConsumerDefine.ID;

    public static final String CONSUMER_OPEN = ConsumerOpen.ID;
    public static final String CONSUMER_TAKE = ConsumerTake.ID;
    public static final String CONSUMER_SETTLE = ConsumerSettle.ID;
    public static final String CONSUMER_WAIT = ConsumerWait.ID;
    public static final String CONSUMER_FORGET = ConsumerForget.ID;

    /** Deletes a consumer group; with an {@code id}, for the keeper. */
    public static final String CONSUMER_DELETE = ConsumerDelete.ID;

    /** Deletes all items of a group. */
    public static final String CLEAR = StreamClear.ID;
    /** Changes several items of a group as one. */
    public static final String TRANSACT = StreamTransact.ID;

    /** Reads events of a group; looks at some thousand at most, and does not wait. */
    public static final String READ = StreamRead.ID;

    private final List<StreamFunction> functions;
    private final List<StreamFunction> parts;
    private final StreamSettings settings;

    public StreamRoom(StreamSettings settings) {
        this.settings = settings;
        this.functions = table(settings);
        this.parts = partTable(settings.replay(), new OpenLists());
    }

    private static List<StreamFunction> table(StreamSettings settings) {
        ReplaySettings replay = settings.replay();
        return List.of(
                new StreamSet(),
                new StreamGet(),
                new StreamDelete(),
                new StreamUpdate(),
                new StreamList(settings.answerBytes()),
                new StreamListGroups(settings.answerBytes()),
                new StreamListAll(settings.answerBytes()),
                new StreamSend(),
                new StreamClear(),
                new StreamTransact(),
                new StreamPresence(settings.presenceContexts()),
                new StreamRead(replay),
                new StreamOffsets(replay),
                new StreamGetAt(replay, settings.answerBytes()),
                new ConsumerSeek(ConsumerSeek.ID, replay),
                new ConsumerList(ConsumerList.ID, replay),
                new ConsumerDelete(ConsumerDelete.ID, replay),
                new ConsumerDead(ConsumerDead.ID, replay));
    }

    /** @param lists of the partition */
    private static List<StreamFunction> partTable(ReplaySettings replay, OpenLists lists) {
        return List.of(
                new StreamListPart(lists),
                new StreamListNext(lists),
                new StreamGetAtPart(replay, lists),
                new StreamGroupsPart(StreamGroupsPart.OF_STREAM),
                new StreamGroupsPart(StreamGroupsPart.OF_STREAM_NEXT),
                new StreamGroupsPart(StreamGroupsPart.OF_ALL),
                new StreamGroupsPart(StreamGroupsPart.OF_ALL_NEXT),
                new ProvidedChange(),
                new ItemLock(),
                new StreamExpire(),
                new StreamJoin(replay, lists),
                new StreamLeave(),
                new StreamDepart(),
                new LogWait(),
                new ConsumerDefine(replay),
                new ConsumerOpen(replay),
                new ConsumerTake(replay),
                new ConsumerSettle(replay),
                new ConsumerWait(replay),
                new ConsumerSeek(ConsumerSeek.PART, replay),
                new ConsumerList(ConsumerList.PART, replay),
                new ConsumerDelete(ConsumerDelete.PART, replay),
                new ConsumerForget(replay),
                new ConsumerDead(ConsumerDead.PART, replay));
    }

    @Override
    public List<StreamFunction> functions() {
        return functions;
    }

    @Override
    public List<String> parts() {
        return parts.stream().map(StreamFunction::id).toList();
    }

    /** A part, for gateways to ask for it themselves. */
    public KeeperFunction part(String id) {
        return parts.stream()
                .filter(part -> part.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No part of streams is called " + id));
    }

    /** Longest answer. */
    public long answerBytes() {
        return settings.answerBytes();
    }

    /** The bare values in the rows of all pages, in the order in which their items were first set. */
    public static RawJson values(List<RawJson> pages) {
        return ListWish.ALL.merge(pages);
    }

    @Override
    public List<StoreBuilder<?>> stores() {
        return StreamStores.builders();
    }

    @Override
    public Desks open(Catalog catalog) {
        StreamTriggers triggers = new StreamTriggers(catalog, settings.triggerPayload());
        LeaveTriggers leaves = LeaveTriggers.of(catalog);
        return stores -> {
            StreamStores own = StreamStores.of(stores);
            OpenLists lists = new OpenLists();
            Map<String, StreamFunction> all = Stream.concat(
                            functions.stream(), partTable(settings.replay(), lists).stream())
                    .collect(Collectors.toMap(StreamFunction::id, Function.identity()));
            return new StreamDesk(all, lists, own, triggers, new Subscribers(catalog, own, leaves), catalog, settings);
        };
    }
}
