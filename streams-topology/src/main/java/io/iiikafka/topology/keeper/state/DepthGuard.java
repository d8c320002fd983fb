package io.iiikafka.topology.keeper.state;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices handlers that write what makes them run again, and stops them if told to (spec: state.md 5.3). */
final class DepthGuard {

    private static final Logger LOG = LoggerFactory.getLogger(DepthGuard.class);
    private static final int SUSPICIOUS = 64;
    private static final int MOST_REMEMBERED = 10_000;

    private final int most;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    /**
     * @param most changes that may lead to each other; 0: any number
     */
    DepthGuard(int most) {
        this.most = most;
    }

    /** Whether a trigger may be called by the change that is the so-manieth of a chain. */
    boolean admits(String triggerId, int depth) {
        boolean admitted = most == 0 || depth <= most;
        if ((depth >= SUSPICIOUS || !admitted) && warned.size() < MOST_REMEMBERED && warned.add(triggerId)) {
            LOG.atWarn()
                    .addKeyValue("trigger", triggerId)
                    .addKeyValue("depth", depth)
                    .log(admitted
                            ? "A state trigger is part of a long chain of changes, perhaps of a loop"
                            : "A state trigger is not called, because the chain of changes is as long as max_trigger_depth");
        }
        return admitted;
    }
}
