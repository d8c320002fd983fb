/** What is agreed of a queue or a subscription, wherever it was defined (spec: queue.md 3.1, 4.9, 8.1, 12). */
@NullMarked
package io.iiikafka.topology.queue;

import org.jspecify.annotations.NullMarked;
