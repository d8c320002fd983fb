/**
 * Real, unmodified iii SDKs against a fresh engine. {@code src/test/sdk} has a driver program for each language; here
 * they are installed, run, and their lines turned into tests.
 */
@NullMarked
package io.iiikafka.gateway.conformance;

import org.jspecify.annotations.NullMarked;
