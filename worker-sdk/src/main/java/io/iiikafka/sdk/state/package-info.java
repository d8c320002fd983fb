/** State: values by scope and key that survive anything, and cause work when they change. */
@NullMarked
package io.iiikafka.sdk.state;

import org.jspecify.annotations.NullMarked;
