package io.iiikafka.gateway.stream;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the stream sockets need to know (spec: stream.md 10.1, 13.8, 13.9).
 *
 * @param host where to listen
 * @param port 0: any free one
 * @param authFunction asked before a socket is opened; empty: none
 * @param authRequired whether a socket is refused unless that function admits it
 * @param authTimeout how long it may take
 * @param joinTimeout how long a join or leave trigger may take
 * @param joinFailClosed whether a join is refused unless a trigger admits it
 * @param allowedOrigins of browsers; empty: all
 * @param allowAnonymousConsumers whether anybody may join with a consumer group where nobody decides who may
 * @param maxConnections empty: no limit
 * @param maxSubscriptions of one connection
 * @param maxQueued frames that wait for one connection
 * @param pingInterval how often a silent connection is pinged
 * @param pingTimeout how long it may be silent after that
 * @param stallTimeout how long a client may take nothing of what is sent to it
 */
public record StreamSocketSettings(
        String host,
        int port,
        Optional<String> authFunction,
        boolean authRequired,
        Duration authTimeout,
        Duration joinTimeout,
        boolean joinFailClosed,
        List<String> allowedOrigins,
        boolean allowAnonymousConsumers,
        OptionalInt maxConnections,
        int maxSubscriptions,
        int maxQueued,
        Duration pingInterval,
        Duration pingTimeout,
        Duration stallTimeout) {}
