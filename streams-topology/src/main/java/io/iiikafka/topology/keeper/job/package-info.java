/**
 * Calls that are repeated until their function has answered them: kept in a store with their attempts and back-off, so that
 * they survive whatever ends. What makes them, triggers or queues, says by {@link Terms} how.
 */
@NullMarked
package io.iiikafka.topology.keeper.job;

import org.jspecify.annotations.NullMarked;
