package io.iiikafka.gateway.socket;

import java.time.Duration;

/**
 * Limits and timers of worker connections (spec: protocol.md section 14).
 *
 * @param maxMessageBytes largest message that a worker may send, envelope included
 * @param maxPayloadBytes largest payload that is passed on
 * @param maxRegistrationBytes largest registration that a worker may send
 * @param maxQueuedBytes what may wait to be written to one socket; a worker that lets it grow beyond is disconnected
 * @param maxInFlight calls that one worker may have in flight
 * @param maxFunctions functions that one connection may register
 * @param maxRegistrations functions, triggers, trigger types and services that one connection may register
 * @param maxRegisteredBytes what these may take together
 * @param namespaceGrace how long registrations wait for the announcement at most
 * @param quietGrace how long a connection that has registered must be quiet to count as one that never announces
 * @param pingInterval how often the engine pings
 * @param idleTimeout when nothing comes in for this long, be it a part of a frame, a connection counts as dead
 * @param probeTimeout how long a connection may take to answer when another claims to be the same worker
 * @param callCeiling after this long a call that was never answered is given up
 */
public record SocketSettings(
        int maxMessageBytes,
        int maxPayloadBytes,
        int maxRegistrationBytes,
        long maxQueuedBytes,
        int maxInFlight,
        int maxFunctions,
        int maxRegistrations,
        long maxRegisteredBytes,
        Duration namespaceGrace,
        Duration quietGrace,
        Duration pingInterval,
        Duration idleTimeout,
        Duration probeTimeout,
        Duration callCeiling) {}
