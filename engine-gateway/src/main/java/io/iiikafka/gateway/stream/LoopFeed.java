package io.iiikafka.gateway.stream;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.iiikafka.gateway.invocation.ReaderThread;
import io.netty.util.concurrent.EventExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients of one event loop that listen to a group. One task hands them what came in at once, client by client, so that
 * each is touched once and its frames leave together.
 */
final class LoopFeed {

    private static final Logger LOG = LoggerFactory.getLogger(LoopFeed.class);

    /** @param missed whether something before it was lost on the way */
    private record Arrival(Frame frame, boolean missed) {}

    private final EventExecutor loop;
    private final Set<GroupView> views = new LinkedHashSet<>();
    private List<GroupView> listed = List.of();
    private List<Arrival> arrivals = new ArrayList<>();

    LoopFeed(EventExecutor loop) {
        this.loop = loop;
    }

    synchronized void add(GroupView view) {
        views.add(view);
        listed = List.of();
    }

    /** Whether nobody is left. */
    synchronized boolean remove(GroupView view) {
        views.remove(view);
        listed = List.of();
        return views.isEmpty();
    }

    /** @param missed whether something before it was lost on the way */
    void offer(Frame frame, boolean missed) {
        if (add(new Arrival(frame, missed))) {
            ReaderThread.execute(loop, this::handOver);
        }
    }

    /** Whether it is the first. */
    private synchronized boolean add(Arrival arrival) {
        arrivals.add(arrival);
        return arrivals.size() == 1;
    }

    private void handOver() {
        List<Arrival> arrived = take();
        views().forEach(view -> arrived.forEach(arrival -> offer(view, arrival)));
    }

    private synchronized List<Arrival> take() {
        List<Arrival> arrived = arrivals;
        arrivals = new ArrayList<>();
        return arrived;
    }

    private synchronized List<GroupView> views() {
        if (listed.isEmpty()) {
            listed = List.copyOf(views);
        }
        return listed;
    }

    private static void offer(GroupView view, Arrival arrival) {
        try {
            if (arrival.missed()) {
                view.missed();
            }
            view.offer(arrival.frame());
        } catch (RuntimeException e) {
            LOG.error("A frame could not be handed to a stream socket", e); // the others get theirs
        }
    }
}
