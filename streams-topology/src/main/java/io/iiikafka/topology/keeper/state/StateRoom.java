package io.iiikafka.topology.keeper.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.keeper.Page;
import io.iiikafka.topology.keeper.Room;
import io.iiikafka.topology.keeper.queue.Outbox;
import org.apache.kafka.streams.state.StoreBuilder;

/** {@code state::*}: the table of its functions, its stores, and the way from one to the other. */
public final class StateRoom implements Room {

    private final List<StateFunction> functions;
    private final List<StateFunction> parts;
    private final StateSettings settings;
    private final PrivateScopes privates = new PrivateScopes();

    public StateRoom(StateSettings settings) {
        this.settings = settings;
        this.functions = table(settings);
        this.parts = List.of(
                new StateGroupsPart(StateGroupsPart.ID, privates),
                new StateGroupsPart(StateGroupsPart.NEXT, privates),
                new StateReadPart());
    }

    private static List<StateFunction> table(StateSettings settings) {
        Partitioning partitioning = Partitioning.of(settings.shardedScopes());
        ValueLimit limit = new ValueLimit(settings.maxValueBytes());
        RecordLimit answers = new RecordLimit(settings.maxPayloadBytes());
        ValueLimit strict = settings.maxValueBytesStrict() ? limit : ValueLimit.NONE;
        return List.of(
                new StateSet(partitioning, limit), //
                new StateGet(partitioning),
                new StateGetVersioned(partitioning),
                new StateDelete(partitioning),
                new StateUpdate(partitioning, strict),
                new StateList(partitioning, answers),
                new StateListGroups(answers),
                new StateListKeys(partitioning, answers),
                new StateCompareAndSet(partitioning, strict),
                new StateBarrier(partitioning),
                new StateRead(partitioning),
                new StateTransact(partitioning, new TransactionWrite.Limits(limit, strict)),
                new StateLease(partitioning),
                new StateHistory(partitioning),
                new StateGetAt(partitioning),
                new StateRestore(partitioning),
                new StateFork(partitioning),
                new StateListForks(partitioning),
                new StateDiff(partitioning),
                new StateMergeFork(partitioning),
                new StateDropFork(partitioning),
                new StateClaim(partitioning));
    }

    @Override
    public List<StateFunction> functions() {
        return functions;
    }

    /** {@code state::transact}. */
    public KeeperFunction transact() {
        return functions.stream().filter(StateTransact.class::isInstance).findFirst().orElseThrow();
    }

    /** The functions by which workers of that name use the scopes that they have claimed. */
    public List<PrivateAccessor> accessors(String prefix) {
        return PrivateAccessor.of(prefix, functions);
    }

    @Override
    public boolean serves(String functionId) {
        return PrivateAccessor.prefixIn(functionId) != null;
    }

    @Override
    public List<String> parts() {
        return Stream.of(parts.stream().map(StateFunction::id), lists().map(ListingFunction::partId), Stream.of(Page.NEXT))
                .flatMap(Function.identity())
                .toList();
    }

    private Stream<ListingFunction> lists() {
        return functions.stream().filter(ListingFunction.class::isInstance).map(ListingFunction.class::cast);
    }

    @Override
    public List<StoreBuilder<?>> stores() {
        return StateStores.builders();
    }

    @Override
    public Desks open(Catalog catalog) {
        RecordLimit limit = new RecordLimit(settings.maxPayloadBytes());
        catalog.listen(privates);
        Outbox outbox = new Outbox(catalog);
        StateTriggers triggers = new StateTriggers(catalog, settings.triggersEnabled(), settings.maxTriggerDepth());
        return opened -> {
            StateStores stores = StateStores.of(opened);
            Listings listings = new Listings(stores);
            Recorder recorder = new Recorder(settings.history(), catalog, stores);
            return new StateDesk(byId(listings), stores, listings, triggers, limit, privates, recorder, outbox);
        };
    }

    private Map<String, StateFunction> byId(Listings listings) {
        List<StateFunction> all = new ArrayList<>(functions);
        all.addAll(parts);
        lists().forEach(list -> all.add(new ListingPart(list, listings)));
        all.add(new ListingNext(listings));
        return all.stream().collect(Collectors.toMap(StateFunction::id, Function.identity()));
    }
}
