/** {@code stream::*}: items in groups of streams, and the log of what happens to them (spec: stream.md). */
@NullMarked
package io.iiikafka.topology.keeper.stream;

import org.jspecify.annotations.NullMarked;
