/** The engine: a Kafka broker if wanted, the router, and the gateway that workers and HTTP clients talk to. */
@NullMarked
package io.iiikafka.gateway;

import org.jspecify.annotations.NullMarked;
