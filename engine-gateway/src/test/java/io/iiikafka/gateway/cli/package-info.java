/** The {@code iii} command as a process of its own. */
@NullMarked
package io.iiikafka.gateway.cli;

import org.jspecify.annotations.NullMarked;
