/**
 * The Java SDK: {@link io.iiikafka.sdk.Iii#connect() connect}, register functions and triggers, call any function by
 * name.
 */
@NullMarked
package io.iiikafka.sdk;

import org.jspecify.annotations.NullMarked;
