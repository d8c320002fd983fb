package io.iiikafka.gateway.invocation;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Told of slots that come and go; on the slot reader's thread. */
public interface SlotListener {

    /** These are all the slots that this gateway owns from now on. */
    void slotsChanged(Set<Integer> slots);

    /**
     * Slots are about to be handed over of which some deliveries are unfinished. Returns when others know of them, or will
     * not in time.
     */
    void leavesUnfinished(Map<Integer, List<SlotProgress.Mark>> bySlot);

    /** A slot came from a gateway that did not hand it over: that gateway lost its membership, and so is gone. */
    void predecessorGone(String gateway);

    /** This gateway itself lost its slots without handing them over: others count it as gone. */
    void slotsLost();
}
