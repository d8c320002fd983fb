/** The {@code iii} command. */
@NullMarked
package io.iiikafka.gateway.cli;

import org.jspecify.annotations.NullMarked;
