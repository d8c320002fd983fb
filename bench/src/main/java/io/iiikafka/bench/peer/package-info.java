/** Other systems, measured in the same run with the same payload. */
@NullMarked
package io.iiikafka.bench.peer;

import org.jspecify.annotations.NullMarked;
