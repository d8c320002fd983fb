/** What triggers that the keeper fires have in common, whatever they hear of. */
@NullMarked
package io.iiikafka.topology.keeper.trigger;

import org.jspecify.annotations.NullMarked;
