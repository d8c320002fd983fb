package io.iiikafka.topology.keeper.state;

/** The only one who changes the stores of state. */
final class StateApplier {

    private final StateStores stores;

    StateApplier(StateStores stores) {
        this.stores = stores;
    }

    void apply(StateDraft draft) {
        for (StateChange change : draft.changes()) {
            StateEntry before = change.before();
            StateEntry after = change.after();
            if (after != null) {
                stores.put(change.key(), after);
                if (before == null) {
                    stores.putPlace(change.key(), after);
                }
            } else if (before != null) {
                stores.remove(change.key());
                stores.removePlace(change.key(), before);
            }
        }
        draft.erased().forEach(key -> {
            StateEntry entry = stores.get(key);
            if (entry != null) {
                stores.remove(key);
                stores.removePlace(key, entry);
                if (entry.expiresAtMs() != 0) {
                    stores.putNote(Expiry.name(key, entry.expiresAtMs()), null);
                }
            }
        });
        draft.erasedHistory().forEach(stores.history()::remove);
        draft.scopes().forEach(stores::putScope);
        draft.notes().forEach((name, note) -> stores.putNote(name, note.orElse(null)));
    }
}
