/** {@code state::*}: values by scope and key (spec: state.md). One function id, one class. */
@NullMarked
package io.iiikafka.topology.keeper.state;

import org.jspecify.annotations.NullMarked;
