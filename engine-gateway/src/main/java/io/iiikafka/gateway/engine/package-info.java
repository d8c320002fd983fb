/** The functions {@code engine::*} that a gateway answers itself, one class each (spec: protocol.md section 6). */
@NullMarked
package io.iiikafka.gateway.engine;

import org.jspecify.annotations.NullMarked;
