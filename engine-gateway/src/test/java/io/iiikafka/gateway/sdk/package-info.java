/** The Java SDK against a real engine. */
@NullMarked
package io.iiikafka.gateway.sdk;

import org.jspecify.annotations.NullMarked;
