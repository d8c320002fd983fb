package io.iiikafka.topology.keeper.stream;

/**
 * What is counted for a group.
 *
 * @param items how many it holds
 * @param lastOrder the {@linkplain StreamItem#order() order} of the item that was created last
 * @param clockMs the timestamp of its last event: the next one is later, also where the wall clock is not (5.7)
 * @param offset of its last logged event; 0 when there has been none
 */
record GroupInfo(long items, long lastOrder, long clockMs, long offset) {

    /** Of a group of which nothing has been heard. */
    static final GroupInfo NEW = new GroupInfo(0, 0, 0, 0);

    /** With the clock at its next tick. */
    GroupInfo tick(long nowMs) {
        return new GroupInfo(items, lastOrder, Math.max(nowMs, clockMs + 1), offset);
    }

    GroupInfo logged() {
        return new GroupInfo(items, lastOrder, clockMs, offset + 1);
    }

    GroupInfo created() {
        return new GroupInfo(items + 1, lastOrder + 1, clockMs, offset);
    }

    GroupInfo removed() {
        return new GroupInfo(items - 1, lastOrder, clockMs, offset);
    }
}
