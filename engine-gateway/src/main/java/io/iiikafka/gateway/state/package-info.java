/** State, as far as gateways know of it: the trigger type. The keeper does the rest. */
@NullMarked
package io.iiikafka.gateway.state;

import org.jspecify.annotations.NullMarked;
