/** The router: a Kafka Streams application that picks, for each call, the gateway whose worker will run it. */
@NullMarked
package io.iiikafka.topology.router;

import org.jspecify.annotations.NullMarked;
