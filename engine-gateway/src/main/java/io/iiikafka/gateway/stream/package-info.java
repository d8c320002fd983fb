/** The gateway's side of streams. */
@NullMarked
package io.iiikafka.gateway.stream;

import org.jspecify.annotations.NullMarked;
