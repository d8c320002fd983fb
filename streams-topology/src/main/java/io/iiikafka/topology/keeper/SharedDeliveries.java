package io.iiikafka.topology.keeper;

import java.util.ArrayList;
import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.RoutedCall;

/**
 * The deliveries of what one command fires: calls for the same slot that tell of the same and differ in nothing but whom they
 * call share a record, so that an event costs Kafka little more for ten subscriptions than for one. What tells of different
 * events stays in their order.
 */
final class SharedDeliveries {

    /** Takes one record's calls. */
    interface Writer {
        void write(int slot, List<RoutedCall> together);
    }

    /** A record of so many stays far below what a broker takes. */
    private static final int MOST = 100;

    private static final int MOST_OWN_BYTES = 64 * 1024;

    /** Beside larger data the records that are saved cost little, and one with all of them may be too large. */
    private static final int MOST_DATA_BYTES = 256 * 1024;

    /** Of the id, and of the names of the members. */
    private static final int ALWAYS_OWN_BYTES = 120;

    /** So many records are looked at for one that takes a call: a batch of events fires many. */
    private static final int LOOK_BACK = 16;

    /** The calls of one record. */
    private static final class Together {
        private final int slot;
        private final List<RoutedCall> calls = new ArrayList<>();
        private int ownBytes;

        Together(int slot) {
            this.slot = slot;
        }

        boolean takes(int itsSlot, RoutedCall next) {
            RoutedCall first = calls.getFirst();
            return slot == itsSlot
                    && calls.size() < MOST
                    && ownBytes + own(next) <= MOST_OWN_BYTES
                    && isOfOneEvent(first, next)
                    && next.goesWith(first);
        }

        @SuppressWarnings("ReferenceEquality") // other events may look alike
        private static boolean isOfOneEvent(RoutedCall one, RoutedCall other) {
            RawJson data = one.call().data();
            return data != null && data == other.call().data() && data.length() <= MOST_DATA_BYTES;
        }

        void add(RoutedCall next) {
            calls.add(next);
            ownBytes += own(next);
        }

        /** Of what it does not share, about: characters may take several bytes. */
        private static int own(RoutedCall routed) {
            Call call = routed.call();
            RawJson metadata = call.metadata();
            return ALWAYS_OWN_BYTES
                    + call.functionId().length()
                    + (routed.worker() == null ? 0 : routed.worker().length())
                    + (metadata == null ? 0 : metadata.length())
                    + (call.baggage() == null ? 0 : call.baggage().length());
        }
    }

    /** In the order of their first calls. */
    private final List<Together> records = new ArrayList<>();

    private final Writer writer;

    SharedDeliveries(Writer writer) {
        this.writer = writer;
    }

    void add(int slot, RoutedCall call) {
        for (int i = records.size() - 1; i >= Math.max(0, records.size() - LOOK_BACK); i--) {
            if (records.get(i).takes(slot, call)) {
                records.get(i).add(call);
                return;
            }
        }
        Together begun = new Together(slot);
        begun.add(call);
        records.add(begun);
    }

    /** Writes what has been added. */
    void flush() {
        records.forEach(record -> writer.write(record.slot, record.calls));
        records.clear();
    }
}
