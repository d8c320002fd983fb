package io.iiikafka.gateway.cron;

import io.iiikafka.gateway.Gateway;
import io.iiikafka.topology.keeper.cron.CronRoom;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** All that a gateway has to do with schedules. */
public final class CronParts {

    private CronParts() {}

    /** Adds them, before the gateway is started. */
    public static void serve(Vertx vertx, Gateway gateway, CronRoom room) {
        gateway.serve(room);
        gateway.serve(CronTriggerType.create());
        CronNudge nudge = new CronNudge(vertx, gateway.catalog(), gateway.connections(), gateway.invoker());
        gateway.catalog().listen(nudge);
        gateway.whenCaughtUp(() -> {
            nudge.begin();
            return Future.succeededFuture();
        });
    }
}
