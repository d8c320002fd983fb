/** This gateway's copy of the catalog: reading it, writing to it, and staying in it. */
@NullMarked
package io.iiikafka.gateway.catalog;

import org.jspecify.annotations.NullMarked;
