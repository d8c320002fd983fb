/** The benchmark harness: starts each system under test, measures them in interleaved rounds, writes the report. */
@NullMarked
package io.iiikafka.bench;

import org.jspecify.annotations.NullMarked;
