package io.iiikafka.topology.keeper.stream;

import io.iiikafka.topology.keeper.Page;

/** Rows that are given out in pages, between other commands. */
interface OpenPages extends AutoCloseable {

    /** How much a page may have, and how many entries may be looked at for it. */
    record Measure(int rows, int bytes, int items) {}

    /** Takes about a millisecond. */
    Measure PAGE = new Measure(256, 64 * 1024, 2_000);

    Measure ALL = new Measure(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

    /** The rows that follow. */
    Page next(Measure most, String cursor);

    @Override
    void close();
}
