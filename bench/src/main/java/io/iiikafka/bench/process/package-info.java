/** Child processes that are told what to measure over their standard input, and what the kernel says about them. */
@NullMarked
package io.iiikafka.bench.process;

import org.jspecify.annotations.NullMarked;
