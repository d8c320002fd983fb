/**
 * Runs the functions that need stores: each call is a record of the commands topic, on the partition that owns what it
 * touches. A room (state, …) brings functions and stores; its functions decide, its applier alone changes.
 */
@NullMarked
package io.iiikafka.topology.keeper;

import org.jspecify.annotations.NullMarked;
