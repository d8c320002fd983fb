package io.iiikafka.topology.keeper;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/** Has all partitions do what is due, and see whether the catalog holds something to begin with; for gateways only. */
public final class LookAround implements KeeperFunction {

    static final String ID = "iii::tick";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String workerName() {
        return "iii-engine-functions";
    }

    @Override
    public String description() {
        return "Do what is due";
    }

    @Override
    public RawJson requestFormat() {
        return RawJson.EMPTY_OBJECT;
    }

    @Override
    public @Nullable RawJson responseFormat() {
        return null;
    }

    @Override
    public Placement placement(Call call) {
        return new Placement.Everywhere(ID, parts -> RawJson.NULL);
    }
}
