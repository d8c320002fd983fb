/** Calls, deliveries and outcomes, and how each stands in a Kafka record. The header names are public API. */
@NullMarked
package io.iiikafka.topology.record;

import org.jspecify.annotations.NullMarked;
