/** Knowing that the partitions that a consumer was given are still its own. */
@NullMarked
package io.iiikafka.topology.membership;

import org.jspecify.annotations.NullMarked;
