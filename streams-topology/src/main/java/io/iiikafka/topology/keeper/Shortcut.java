package io.iiikafka.topology.keeper;

import java.util.List;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.FunctionKey;
import io.iiikafka.topology.catalog.Member;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.CallAddress;
import io.iiikafka.topology.record.RoutedCall;
import io.iiikafka.topology.router.SlotChoice;
import org.jspecify.annotations.Nullable;

/**
 * The way of a call from the keeper straight to a gateway that has a worker for it, without a record in {@code invocations}
 * for the router: a copy of the catalog is here, too, and the choice of the gateway is the same. A gateway that has lost the
 * worker meanwhile passes the call on to the router, as it does with calls that come from there.
 *
 * <p>A gateway, or the one that follows it when it dies, answers for each delivery that is in its slot, whoever wrote it. A
 * call for which nobody can be seen goes to the router, which knows what then.
 */
final class Shortcut {

    private final Catalog catalog;
    private final SlotChoice choice;

    /** @param partition all that it calls goes to one slot of a gateway, in its order, and can share records */
    Shortcut(Catalog catalog, int partition) {
        this.catalog = catalog;
        this.choice = new SlotChoice(call -> partition);
    }

    /** The slot to deliver to; null: it is for the router. */
    @Nullable Integer slot(RoutedCall routed) {
        Call call = routed.call();
        List<Member> members = catalog.members(new FunctionKey(call.namespace(), call.functionId()));
        if (members.isEmpty()) {
            return null;
        }
        CallAddress address = new CallAddress(
                call.functionId(),
                call.namespace(),
                call.deadlineMs(),
                routed.position(),
                routed.hops(),
                null,
                routed.worker());
        return choice.choose(members, address);
    }
}
