/**
 * Channels: pipes of texts and bytes between two ends, beside the JSON protocol and beside Kafka (spec: protocol.md
 * 8).
 */
@NullMarked
package io.iiikafka.gateway.channel;

import org.jspecify.annotations.NullMarked;
