/**
 * Who is connected and what is registered, as everyone sees it: entries of one compacted topic, applied in log order,
 * so that all gateways and routers agree on who owns what.
 */
@NullMarked
package io.iiikafka.topology.catalog;

import org.jspecify.annotations.NullMarked;
