package io.iiikafka.topology.keeper.state;

/** The only one who changes the stores of state. */
final class StateApplier {

    private final StateStores stores;

    StateApplier(StateStores stores) {
        this.stores = stores;
    }

    void apply(StateDraft draft) {
        for (StateChange change : draft.changes()) {
            if (change.after() != null) {
                stores.put(change.key(), change.after());
            } else if (change.before() != null) {
                stores.remove(change.key());
            }
        }
        draft.scopes().forEach(stores::putScope);
        draft.notes().forEach((name, note) -> stores.putNote(name, note.orElse(null)));
    }
}
