/** How the SDK does it. Not for use by applications; may change at any time. */
@NullMarked
package io.iiikafka.sdk.internal;

import org.jspecify.annotations.NullMarked;
