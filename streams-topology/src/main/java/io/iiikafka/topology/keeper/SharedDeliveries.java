package io.iiikafka.topology.keeper;

import java.util.ArrayList;
import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
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
            return one.call().data() != null && one.call().data() == other.call().data();
        }

        void add(RoutedCall next) {
            calls.add(next);
            ownBytes += own(next);
        }

        /** Of what it does not share. */
        private static int own(RoutedCall call) {
            RawJson metadata = call.call().metadata();
            String baggage = call.call().baggage();
            return (metadata == null ? 0 : metadata.length()) + (baggage == null ? 0 : baggage.length());
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
