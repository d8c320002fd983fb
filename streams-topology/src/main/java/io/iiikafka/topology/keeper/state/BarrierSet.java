package io.iiikafka.topology.keeper.state;

import java.util.HashSet;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.keeper.Refusal;

/**
 * Who must arrive.
 *
 * @param names empty: any
 * @param size how many
 */
record BarrierSet(Set<String> names, int size) {

    static BarrierSet of(JsonNode expect) {
        if (expect.isIntegralNumber() && expect.canConvertToInt() && expect.intValue() > 0) {
            return new BarrierSet(Set.of(), expect.intValue());
        }
        Set<String> names = new HashSet<>();
        for (JsonNode name : expect) {
            if (!name.isTextual() || !names.add(name.textValue())) {
                throw refusal();
            }
        }
        if (!expect.isArray() || names.isEmpty()) {
            throw refusal();
        }
        return new BarrierSet(names, names.size());
    }

    private static Refusal refusal() {
        return new Refusal(
                ErrorCode.BARRIER_ERROR,
                "BARRIER_ERROR: condition_config.expect must be a positive integer or an array of distinct strings");
    }

    boolean has(String name) {
        return names.isEmpty() || names.contains(name);
    }
}
