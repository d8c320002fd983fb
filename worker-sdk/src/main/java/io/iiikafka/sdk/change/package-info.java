/** What {@link io.iiikafka.sdk.state state} and {@link io.iiikafka.sdk.stream streams} have in common: changes. */
@NullMarked
package io.iiikafka.sdk.change;

import org.jspecify.annotations.NullMarked;
