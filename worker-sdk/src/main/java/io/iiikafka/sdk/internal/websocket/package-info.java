/** A WebSocket client for the worker's socket: a blocking reader, and a writer that sends what has gathered in one go. */
@NullMarked
package io.iiikafka.sdk.internal.websocket;

import org.jspecify.annotations.NullMarked;
