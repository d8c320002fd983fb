/** Programs that the documentation shows. */
@NullMarked
package io.iiikafka.sdk.example;

import org.jspecify.annotations.NullMarked;
