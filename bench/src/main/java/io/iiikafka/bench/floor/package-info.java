/** The floor: the engine's record flow by bare Kafka clients, without sockets, catalog or limits. */
@NullMarked
package io.iiikafka.bench.floor;

import org.jspecify.annotations.NullMarked;
