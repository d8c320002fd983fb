/** Streams: items in groups whose changes and events reach everyone who listens, live and in order. */
@NullMarked
package io.iiikafka.sdk.stream;

import org.jspecify.annotations.NullMarked;
