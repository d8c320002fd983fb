/** The one way in for every call, and the bookkeeping of calls that wait. */
@NullMarked
package io.iiikafka.gateway.invocation;

import org.jspecify.annotations.NullMarked;
