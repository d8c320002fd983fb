package io.iiikafka.topology.keeper;

import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.update.JsonTree;
import io.iiikafka.topology.update.MalformedOperationException;
import io.iiikafka.topology.update.OperationReader;
import io.iiikafka.topology.update.UpdateOperation;

/** The operations of an update, as its input gives them (spec: state.md 4.1). */
public final class Operations {

    private Operations() {}

    /** {@code ops}, for which some callers write {@code operations}. */
    public static RawJson given(Input input) {
        RawJson operations = input.find("ops") == null ? input.find("operations") : input.find("ops");
        if (operations == null) {
            throw input.misfit("missing field `ops`");
        }
        return operations;
    }

    /** @throws Refusal when they cannot be read */
    public static List<UpdateOperation> of(Input input) {
        try {
            return OperationReader.read(JsonTree.read(given(input)));
        } catch (MalformedOperationException e) {
            throw input.misfit(String.valueOf(e.getMessage()));
        }
    }
}
