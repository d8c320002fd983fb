package io.iiikafka.topology.keeper.stream;

/** The only one who changes the stores of streams. */
final class StreamApplier {

    private final StreamStores stores;
    private final LogRetention retention;

    StreamApplier(StreamStores stores, LogRetention retention) {
        this.stores = stores;
        this.retention = retention;
    }

    void apply(StreamDraft draft) {
        for (StreamChange change : draft.changes()) {
            StreamEvent event = change.event();
            if (change.item() != null && change.after() != null) {
                stores.put(event.group(), change.item(), change.after());
            } else if (change.item() != null) {
                stores.remove(event.group(), change.item());
            }
            if (retention.keeps(event)) {
                stores.log().append(event, order(change), retention.of(event.group().stream()).maxEventBytes());
            }
        }
        draft.groups().forEach((group, info) -> stores.putGroup(group, retention.trimmed(group, info, stores)));
        draft.notes().forEach((name, note) -> stores.putNote(name, note.orElse(null)));
    }

    private static long order(StreamChange change) {
        StreamItem item = change.after() == null ? change.before() : change.after();
        return item == null ? 0 : item.order();
    }
}
