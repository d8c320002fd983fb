package io.iiikafka.gateway.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.util.concurrent.EventExecutor;

/**
 * Flushes what was written to sockets when their event loop is through with what it was at: many frames to one socket go
 * out in one go, and one task per loop is enough for a thousand sockets.
 */
final class FlushRounds {

    private final Map<EventExecutor, Round> rounds = new ConcurrentHashMap<>();

    /** The sockets of one event loop that wait to be flushed. Used on that loop. */
    static final class Round {

        /** So many are flushed together while the processor still has them at hand. */
        private static final int MOST = 64;

        private final EventExecutor loop;
        private List<StreamSocket> written = new ArrayList<>();

        private Round(EventExecutor loop) {
            this.loop = loop;
        }

        /** Once per socket and round. */
        void add(StreamSocket socket) {
            if (written.size() == MOST) {
                flush();
            }
            if (written.isEmpty()) {
                loop.execute(this::flush);
            }
            written.add(socket);
        }

        private void flush() {
            List<StreamSocket> round = written;
            written = new ArrayList<>();
            round.forEach(StreamSocket::flush);
        }
    }

    /** Where a socket of an event loop asks to be flushed. */
    Round of(EventExecutor loop) {
        return rounds.computeIfAbsent(loop, Round::new);
    }
}
