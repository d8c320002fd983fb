/** Worker connections: listeners, sockets, and what happens to each frame. */
@NullMarked
package io.iiikafka.gateway.socket;

import org.jspecify.annotations.NullMarked;
