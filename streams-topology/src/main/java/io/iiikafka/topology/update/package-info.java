/**
 * The operations of {@code state::update} and {@code stream::update} on one JSON value (spec: state.md section 4). Pure:
 * a value and operations in, a value and errors out.
 */
@NullMarked
package io.iiikafka.topology.update;

import org.jspecify.annotations.NullMarked;
