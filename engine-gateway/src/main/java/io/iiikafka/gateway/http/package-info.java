/** REST: requests become calls, results become responses (spec: http.md). */
@NullMarked
package io.iiikafka.gateway.http;

import org.jspecify.annotations.NullMarked;
