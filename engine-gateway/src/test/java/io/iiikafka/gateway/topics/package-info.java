/** Topic provisioning against a real broker, which only this module has. */
@NullMarked
package io.iiikafka.gateway.topics;

import org.jspecify.annotations.NullMarked;
