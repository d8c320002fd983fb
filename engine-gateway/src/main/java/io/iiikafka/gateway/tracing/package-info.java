/** Spans of the engine's own work, exported where OpenTelemetry's variables say. */
@NullMarked
package io.iiikafka.gateway.tracing;

import org.jspecify.annotations.NullMarked;
