package io.iiikafka.topology.keeper.stream;

/** The only one who changes the stores of streams. */
final class StreamApplier {

    private final StreamStores stores;

    StreamApplier(StreamStores stores) {
        this.stores = stores;
    }

    void apply(StreamDraft.Change change) {
        if (change.item() != null && change.after() != null) {
            stores.put(change.group(), change.item(), change.after());
        } else if (change.item() != null) {
            stores.remove(change.group(), change.item());
        }
        stores.putGroup(change.group(), change.info());
    }
}
