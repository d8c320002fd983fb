/**
 * Named queues and durable topics (spec: queue.md): what takes jobs on, and what looks after dead letters. The jobs
 * themselves run in {@link io.iiikafka.topology.keeper.job}.
 */
@NullMarked
package io.iiikafka.topology.keeper.queue;

import org.jspecify.annotations.NullMarked;
