/** Apache Kafka inside this process, and the directory that it keeps its data in. */
@NullMarked
package io.iiikafka.gateway.broker;

import org.jspecify.annotations.NullMarked;
