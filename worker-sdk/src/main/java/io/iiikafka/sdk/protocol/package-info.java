/** The wire messages of the worker protocol (spec: protocol.md section 3), read and written without building trees. */
@NullMarked
package io.iiikafka.sdk.protocol;

import org.jspecify.annotations.NullMarked;
