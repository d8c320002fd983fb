/** Which topics exist, how they are configured, and the plan that an administrator reads. */
@NullMarked
package io.iiikafka.topology.topics;

import org.jspecify.annotations.NullMarked;
