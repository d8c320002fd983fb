/** What tests of several rooms share. */
@NullMarked
package io.iiikafka.gateway.testing;

import org.jspecify.annotations.NullMarked;
