package io.iiikafka.topology.keeper.stream;

/**
 * What is counted for a group.
 *
 * @param items how many it holds
 * @param lastOrder the {@linkplain StreamItem#order() order} of the item that was created last
 * @param clockMs the timestamp of its last event: the next one is later, also where the wall clock is not (5.7)
 * @param offset of its last logged event; 0 when there has been none
 * @param earliest offset of the first event in its log; one more than {@code offset} when there is none
 * @param dueHour the hour, since 1970, for which it is noted when its events are too old; 0: none
 */
record GroupInfo(long items, long lastOrder, long clockMs, long offset, long earliest, long dueHour) {

    /** Of a group of which nothing has been heard. */
    static final GroupInfo NEW = new GroupInfo(0, 0, 0, 0, 1, 0);

    /** With the clock at its next tick. */
    GroupInfo tick(long nowMs) {
        return new GroupInfo(items, lastOrder, Math.max(nowMs, clockMs + 1), offset, earliest, dueHour);
    }

    GroupInfo logged() {
        return new GroupInfo(items, lastOrder, clockMs, offset + 1, earliest, dueHour);
    }

    GroupInfo created() {
        return new GroupInfo(items + 1, lastOrder + 1, clockMs, offset, earliest, dueHour);
    }

    GroupInfo removed() {
        return new GroupInfo(items - 1, lastOrder, clockMs, offset, earliest, dueHour);
    }

    GroupInfo from(long first) {
        return new GroupInfo(items, lastOrder, clockMs, offset, first, dueHour);
    }

    GroupInfo due(long hour) {
        return new GroupInfo(items, lastOrder, clockMs, offset, earliest, hour);
    }

    /** As it is stored: the numbers, with blanks between. */
    String toText() {
        return items + " " + lastOrder + " " + clockMs + " " + offset + " " + earliest + " " + dueHour;
    }

    static GroupInfo parse(String text) {
        String[] numbers = text.split(" ", 6);
        long offset = Long.parseLong(numbers[3]);
        return new GroupInfo(
                Long.parseLong(numbers[0]),
                Long.parseLong(numbers[1]),
                Long.parseLong(numbers[2]),
                offset,
                numbers.length > 4 ? Long.parseLong(numbers[4]) : offset + 1,
                numbers.length > 5 ? Long.parseLong(numbers[5]) : 0);
    }
}
