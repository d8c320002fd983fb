/** What a gateway has to do with schedules; the keeper runs them (spec: cron.md). */
@NullMarked
package io.iiikafka.gateway.cron;

import org.jspecify.annotations.NullMarked;
