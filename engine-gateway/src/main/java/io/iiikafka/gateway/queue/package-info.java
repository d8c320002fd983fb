/**
 * Queues at the edge: what is configured or defined of them, the checks of the enqueue action, subscriptions to durable
 * topics (spec: queue.md 3, 4.5, 4.9, 5, 8). The keeper has the jobs.
 */
@NullMarked
package io.iiikafka.gateway.queue;

import org.jspecify.annotations.NullMarked;
