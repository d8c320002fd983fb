/** The engine as users start it, and the clients that call through it. */
@NullMarked
package io.iiikafka.bench.engine;

import org.jspecify.annotations.NullMarked;
