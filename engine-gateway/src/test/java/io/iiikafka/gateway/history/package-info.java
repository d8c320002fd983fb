/** Histories of calls, and whether they can have happened one after the other. */
@NullMarked
package io.iiikafka.gateway.history;

import org.jspecify.annotations.NullMarked;
