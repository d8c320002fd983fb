/**
 * A client WebSocket (RFC 6455) over a blocking socket, made for many small messages in both directions: one thread
 * reads, and whatever waits to be written goes out in one system call. No extensions, no subprotocols.
 */
@NullMarked
package io.iiikafka.sdk.internal.websocket;

import org.jspecify.annotations.NullMarked;
