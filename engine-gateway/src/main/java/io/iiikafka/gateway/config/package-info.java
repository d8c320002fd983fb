/**
 * What an operator can set: one record per concern, its settings with their defaults beside it. A setting is looked
 * up on the command line, then in the environment, then in {@code config.yaml}; {@link
 * io.iiikafka.gateway.config.ConfigLoader} puts them together.
 */
@NullMarked
package io.iiikafka.gateway.config;

import org.jspecify.annotations.NullMarked;
