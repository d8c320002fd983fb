/** What the Kafka Streams applications have in common. */
@NullMarked
package io.iiikafka.topology.streams;

import org.jspecify.annotations.NullMarked;
