package io.iiikafka.gateway.trigger;

import java.util.UUID;

import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.topology.keeper.LookAround;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the keeper look at the catalog now: its threads are not told of changes there. Any thread. */
public final class KeeperNudge {

    private static final Logger LOG = LoggerFactory.getLogger(KeeperNudge.class);
    private static final LookAround LOOK_AROUND = new LookAround();
    private static final long PATIENCE_MS = 60_000;

    private final EngineInvoker invoker;
    private final String late;

    /** @param late what waits when it fails, as the beginning of a sentence */
    public KeeperNudge(EngineInvoker invoker, String late) {
        this.invoker = invoker;
        this.late = late;
    }

    public void send() {
        Call call = new Call(
                UUID.randomUUID().toString(),
                LOOK_AROUND.id(),
                Call.DEFAULT_NAMESPACE,
                null,
                null,
                true,
                null,
                null,
                null,
                System.currentTimeMillis() + PATIENCE_MS);
        invoker.command(LOOK_AROUND, call, outcome -> {
            if (outcome instanceof Outcome.Failure failure) {
                LOG.atWarn()
                        .addKeyValue("code", failure.error().code())
                        .log("{} when the keeper next looks around: {}", late, failure.error().message());
            }
        });
    }
}
