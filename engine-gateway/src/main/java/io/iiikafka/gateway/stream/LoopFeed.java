package io.iiikafka.gateway.stream;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.iiikafka.gateway.invocation.ReaderThread;
import io.netty.util.concurrent.EventExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clients of one event loop that listen to a group: a frame is handed to all of them by one task. */
final class LoopFeed {

    private static final Logger LOG = LoggerFactory.getLogger(LoopFeed.class);

    private final EventExecutor loop;
    private final Set<StreamClient> clients = new LinkedHashSet<>();
    private List<StreamClient> listed = List.of();

    LoopFeed(EventExecutor loop) {
        this.loop = loop;
    }

    synchronized void add(StreamClient client) {
        clients.add(client);
        listed = List.of();
    }

    /** Whether nobody is left. */
    synchronized boolean remove(StreamClient client) {
        clients.remove(client);
        listed = List.of();
        return clients.isEmpty();
    }

    private synchronized List<StreamClient> clients() {
        if (listed.isEmpty()) {
            listed = List.copyOf(clients);
        }
        return listed;
    }

    /** @param missed whether something before it was lost on the way */
    void offer(Frame frame, boolean missed) {
        ReaderThread.execute(loop, () -> clients().forEach(client -> offer(client, frame, missed)));
    }

    private static void offer(StreamClient client, Frame frame, boolean missed) {
        try {
            if (missed) {
                client.subscriptions().missed(frame.group());
            }
            client.subscriptions().offer(frame);
        } catch (RuntimeException e) {
            LOG.error("A frame could not be handed to a stream socket", e); // the others get theirs
        }
    }
}
