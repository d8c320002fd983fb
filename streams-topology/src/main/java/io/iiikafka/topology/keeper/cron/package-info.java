/** Schedules: triggers of the type {@code cron} and what comes of them (spec: cron.md). */
@NullMarked
package io.iiikafka.topology.keeper.cron;

import org.jspecify.annotations.NullMarked;
