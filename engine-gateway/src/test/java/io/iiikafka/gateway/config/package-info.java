/** Each setting's default and how it is given, record by record. */
@NullMarked
package io.iiikafka.gateway.config;

import org.jspecify.annotations.NullMarked;
