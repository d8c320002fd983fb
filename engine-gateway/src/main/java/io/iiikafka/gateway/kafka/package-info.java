/** Topics of Kafka itself, which other applications write and read: a trigger type and a function. */
@NullMarked
package io.iiikafka.gateway.kafka;

import org.jspecify.annotations.NullMarked;
