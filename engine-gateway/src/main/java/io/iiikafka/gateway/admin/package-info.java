/** What operators look at: health and metrics, on a port of their own. */
@NullMarked
package io.iiikafka.gateway.admin;

import org.jspecify.annotations.NullMarked;
