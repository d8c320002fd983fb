package io.iiikafka.gateway.conformance;

import com.fasterxml.jackson.databind.JsonNode;

/** Somewhere that JavaScript runs: a page in a browser, or a process of Node. */
interface Scripts {

    /** The value of an expression, awaited when it is a promise. What it declares stays, in {@code globalThis}. */
    JsonNode evaluate(String expression);
}
