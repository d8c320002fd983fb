package io.iiikafka.topology.catalog;

import java.util.List;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.record.Outcome;

/** What a caller is told when nobody serves a function (spec: protocol.md 5.1). */
public final class FunctionNotFound {

    private FunctionNotFound() {}

    /**
     * @param byWorker whether a worker called: the engine's own calls get the first part only, without the final period
     */
    public static Outcome.Failure outcome(Catalog catalog, FunctionKey key, boolean byWorker) {
        String text = "Function " + key.id() + " not found in namespace " + key.namespace();
        if (!byWorker) {
            return new Outcome.Failure(ErrorCode.FUNCTION_NOT_FOUND.body(text));
        }
        List<String> elsewhere = catalog.namespacesOf(key.id());
        String hint = elsewhere.isEmpty()
                ? "."
                : ". It is registered in namespace(s): " + String.join(", ", elsewhere) + ".";
        return new Outcome.Failure(ErrorCode.FUNCTION_NOT_FOUND.body(text + hint));
    }
}
