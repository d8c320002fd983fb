package io.iiikafka.gateway.state;

import java.util.Set;

import io.iiikafka.gateway.Gateway;
import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.gateway.invocation.OwnWords;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import io.iiikafka.topology.keeper.state.StateRoom;

/** All that a gateway has to do with state. */
public final class StateParts {

    private StateParts() {}

    /** Adds them, before the gateway is started. */
    public static void serve(Gateway gateway, StateRoom room) {
        EngineInvoker invoker = gateway.invoker();
        gateway.serve(room);
        gateway.serve(StateTriggerType.create());
        invoker.serve(new StateListEntries(invoker));
        new OwnWords(
                        invoker,
                        room.transact(),
                        Set.of(ErrorCode.INVOCATION_TIMEOUT, ErrorCode.INVOCATION_STOPPED),
                        ErrorCode.TX_TIMEOUT,
                        "; it may have been committed: repeat it with the same idempotency_key to learn that")
                .use();
        invoker.serve(new StateLineage(invoker));
        invoker.serve(new ClaimNamespace(invoker, gateway.catalog(), gateway.catalogWriter()));
        gateway.catalog().listen(new Accessors(invoker, room));
    }

    /** Serves the functions that come with the first claim of a prefix. */
    private record Accessors(EngineInvoker invoker, StateRoom room) implements CatalogListener {

        @Override
        public void changed(CatalogChange change) {
            if (change.before() == null && change.after() instanceof CatalogEntry.PrivateScopes claim) {
                room.accessors(claim.prefix()).forEach(invoker::serve);
                invoker.serve(new StateListEntries(invoker, claim.prefix() + "::"));
            }
        }
    }
}
