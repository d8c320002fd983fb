/** Pub/sub on the gateway (spec: pubsub.md). */
@NullMarked
package io.iiikafka.gateway.pubsub;

import org.jspecify.annotations.NullMarked;
