package io.iiikafka.topology.keeper;

import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Origin;
import org.jspecify.annotations.Nullable;

/**
 * A call of one of the keeper's functions, where it stands. All that a function may depend on is here and in its
 * room's stores: after a crash it is run again and must give the same.
 *
 * @param call what is asked
 * @param partition of the commands topic
 * @param offset in that partition
 * @param timestampMs when the call was written, in epoch milliseconds: the only clock
 * @param origin who waits for the answer; null for a call that another Kafka application wrote
 */
public record Command(Call call, int partition, long offset, long timestampMs, @Nullable Origin origin) {

    /** Unique and the same each time that the command is run, for example {@code 3:1017}. */
    public String position() {
        return partition + ":" + offset;
    }
}
