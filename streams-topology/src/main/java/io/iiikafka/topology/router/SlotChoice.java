package io.iiikafka.topology.router;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;

import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.Member;
import io.iiikafka.topology.record.CallAddress;
import org.jspecify.annotations.Nullable;

/**
 * Picks the gateway for a call among those that hold a worker of the function: the one that asked if it is among them,
 * else each in turn, weighted by its workers. Which of its workers runs the call is the gateway's choice, since it
 * knows how busy each is.
 *
 * <p>Calls that were passed on before go to any gateway, so that a full or mistaken one does not get them back at once.
 */
public final class SlotChoice {

    private final ToIntFunction<CallAddress> order;
    private long turn;

    /** One function's calls stay on one slot of a gateway, so that they arrive in the order they were made. */
    public SlotChoice() {
        this(call -> call.functionId().hashCode());
    }

    /** @param order calls for which it gives the same number stay on one slot of a gateway */
    public SlotChoice(ToIntFunction<CallAddress> order) {
        this.order = order;
    }

    /** The slot to deliver to; null when no gateway with a worker of the function has a slot at the moment. */
    public @Nullable Integer choose(List<Member> members, CallAddress call) {
        CatalogEntry.Gateway wanted = wanted(members, call);
        if (wanted != null) {
            return slot(wanted, call);
        }
        List<CatalogEntry.Gateway> candidates = candidates(members, false);
        if (candidates.isEmpty()) {
            candidates = candidates(members, true);
        }
        if (candidates.isEmpty()) {
            return null;
        }
        CatalogEntry.Gateway gateway = local(candidates, call);
        if (gateway == null) {
            gateway = candidates.get((int) (turn++ % candidates.size()));
        }
        return slot(gateway, call);
    }

    /** A slot of any gateway, the same for each call of a function while the gateways stay; null when there is none. */
    @Nullable Integer anyGateway(Collection<CatalogEntry.Gateway> gateways, CallAddress call) {
        List<CatalogEntry.Gateway> candidates = gateways.stream()
                .filter(gateway -> !gateway.slots().isEmpty() && !gateway.draining())
                .sorted(Comparator.comparing(CatalogEntry.Gateway::id))
                .toList();
        return candidates.isEmpty()
                ? null
                : slot(candidates.get(Math.floorMod(call.functionId().hashCode(), candidates.size())), call);
    }

    private int slot(CatalogEntry.Gateway gateway, CallAddress call) {
        List<Integer> slots = gateway.slots();
        return slots.get(Math.floorMod(order.applyAsInt(call), slots.size()));
    }

    private static CatalogEntry.@Nullable Gateway wanted(List<Member> members, CallAddress call) {
        if (call.worker() == null || call.hops() > 0) {
            return null;
        }
        for (Member member : members) {
            if (member.worker().id().equals(call.worker()) && !member.gateway().slots().isEmpty()) {
                return member.gateway();
            }
        }
        return null;
    }

    private static CatalogEntry.@Nullable Gateway local(List<CatalogEntry.Gateway> candidates, CallAddress call) {
        if (call.hops() > 0 || call.origin() == null) {
            return null;
        }
        for (CatalogEntry.Gateway candidate : candidates) {
            if (candidate.id().equals(call.origin())) {
                return candidate;
            }
        }
        return null;
    }

    private static List<CatalogEntry.Gateway> candidates(List<Member> members, boolean draining) {
        List<CatalogEntry.Gateway> candidates = new ArrayList<>(members.size());
        for (Member member : members) {
            CatalogEntry.Gateway gateway = member.gateway();
            if (!gateway.slots().isEmpty() && gateway.draining() == draining) {
                candidates.add(gateway);
            }
        }
        return candidates;
    }
}
