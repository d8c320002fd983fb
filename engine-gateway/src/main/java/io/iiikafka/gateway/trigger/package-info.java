/** Bindings of trigger types to functions, and the types that the engine serves itself. */
@NullMarked
package io.iiikafka.gateway.trigger;

import org.jspecify.annotations.NullMarked;
