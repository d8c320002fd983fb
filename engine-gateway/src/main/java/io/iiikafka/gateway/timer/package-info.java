/** Time that passes in this process. */
@NullMarked
package io.iiikafka.gateway.timer;

import org.jspecify.annotations.NullMarked;
