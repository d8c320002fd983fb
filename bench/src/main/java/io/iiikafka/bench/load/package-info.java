/** Closed-loop load and what it measured; the same loop drives every Java client. */
@NullMarked
package io.iiikafka.bench.load;

import org.jspecify.annotations.NullMarked;
