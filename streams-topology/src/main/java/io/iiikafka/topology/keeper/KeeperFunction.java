package io.iiikafka.topology.keeper;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/** A function that the keeper runs, as callers see it. All are in the namespace {@code default}. */
public interface KeeperFunction {

    /** For example {@code state::set}. */
    String id();

    /** Who serves it, as lists show it: {@code iii-state}. */
    String workerName();

    /** For people: one line. */
    String description();

    /** JSON Schema of its payload. */
    RawJson requestFormat();

    /** JSON Schema of its result; null: none is published. */
    @Nullable RawJson responseFormat();

    /** Shown beside it; null: none. */
    default @Nullable RawJson metadata() {
        return null;
    }

    /** Where a call of it goes; never fails, because a payload that does not fit is answered there. */
    Placement placement(Call call);
}
