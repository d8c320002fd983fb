package io.iiikafka.gateway.channel;

import java.time.Duration;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;

/**
 * Stops and resumes reading a socket that is to be slowed down. Its peer's pings would wait behind the frames that are
 * not read, and some SDKs break a connection whose pings go unanswered: so now and then it reads on until it has met
 * one, as far as the reserve allows (spec: protocol.md 8.4). Confined to the socket's context.
 */
final class PausableSocket {

    /** More than what usually waits in the buffers of TCP. */
    private static final long LONGEST_SEARCH = 6 * 1024 * 1024;

    /** A peer that sends so much without a ping sends none. */
    private static final long FARTHEST = 16 * 1024 * 1024;

    private final Vertx vertx;
    private final WebSocketBase socket;
    private final ReadReserve reserve;
    private final Duration searchEvery;
    private boolean paused;
    private long timer;
    private long taken;
    private long sinceLastPing;
    private long searched;
    private boolean searching;
    private boolean justMet;

    PausableSocket(Vertx vertx, WebSocketBase socket, ReadReserve reserve, Duration searchEvery) {
        this.vertx = vertx;
        this.socket = socket;
        this.reserve = reserve;
        this.searchEvery = searchEvery;
        socket.frameHandler(this::met);
    }

    void pause() {
        if (!paused) {
            paused = true;
            timer = vertx.setPeriodic(searchEvery.toMillis(), tick -> search());
            socket.pause();
        }
    }

    void resume() {
        if (paused) {
            paused = false;
            searching = false;
            vertx.cancelTimer(timer);
            reserve.giveBack(taken);
            taken = 0;
            sinceLastPing = 0;
            socket.resume();
        }
    }

    private void search() {
        if (socket.isClosed()) {
            vertx.cancelTimer(timer);
        } else if (justMet) {
            justMet = false; // the next one is not due yet
        } else if (!searching && sinceLastPing < FARTHEST && reserve.isOpen()) {
            searching = true;
            searched = 0;
            socket.resume();
        }
    }

    private void met(WebSocketFrame frame) {
        if (!paused) {
            return;
        }
        justMet = frame.type() == WebSocketFrameType.PING;
        int size = frame.binaryData().length();
        taken += size;
        searched += size;
        sinceLastPing = justMet ? 0 : sinceLastPing + size;
        reserve.take(size);
        if (justMet || searched > LONGEST_SEARCH || !reserve.isOpen()) {
            searching = false;
            socket.pause();
        }
    }
}
