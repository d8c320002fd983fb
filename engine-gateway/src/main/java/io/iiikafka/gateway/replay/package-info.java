/** Reading the logs of streams again: waiting for events, consumer groups, durable triggers (spec: stream.md 13). */
@NullMarked
package io.iiikafka.gateway.replay;

import org.jspecify.annotations.NullMarked;
