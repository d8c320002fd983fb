/** Streams whose items are kept by workers (spec: stream.md section 4). */
@NullMarked
package io.iiikafka.gateway.provided;

import org.jspecify.annotations.NullMarked;
