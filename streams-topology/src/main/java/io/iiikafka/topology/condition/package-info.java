/** Conditions of triggers, in CEL, over the JSON values before and after a change (spec: state.md 12.1). */
@NullMarked
package io.iiikafka.topology.condition;

import org.jspecify.annotations.NullMarked;
