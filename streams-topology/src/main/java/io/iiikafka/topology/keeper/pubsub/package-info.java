/** Pub/sub: what is published is kept for a while and told to every subscription, once in the whole cluster (spec: pubsub.md). */
@NullMarked
package io.iiikafka.topology.keeper.pubsub;

import org.jspecify.annotations.NullMarked;
