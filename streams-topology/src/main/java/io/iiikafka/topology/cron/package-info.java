/** Expressions that say when something is due (spec: cron.md 3), and when that is in a time zone. */
@NullMarked
package io.iiikafka.topology.cron;

import org.jspecify.annotations.NullMarked;
