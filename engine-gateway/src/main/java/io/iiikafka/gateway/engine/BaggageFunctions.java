package io.iiikafka.gateway.engine;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iiikafka.topology.record.Call;

/** {@code engine::baggage::get}, {@code set} and {@code get_all} (spec: protocol.md 6.13), on the call's own baggage. */
final class BaggageFunctions {

    private BaggageFunctions() {}

    /** {@code {"key":"user"}} to {@code {"value":"u1"}} or {@code {"value":null}}. */
    static final class Get extends AnsweringFunction {
        Get() {
            super("engine::baggage::get", "Reads one entry of the call's baggage");
        }

        @Override
        JsonNode answer(Input input, Call call) {
            return Json.object().put("value", entries(call).get(input.requiredText("key")));
        }
    }

    /** Accepted, without effect on the caller's own context, which the engine cannot reach. */
    static final class Set extends AnsweringFunction {
        Set() {
            super("engine::baggage::set", "Says how baggage is set");
        }

        @Override
        JsonNode answer(Input input, Call call) {
            input.requiredText("key");
            input.requiredText("value");
            return Json.object()
                    .put("success", true)
                    .put(
                            "note",
                            "Baggage set in new context. For propagation, use SDK-level baggage headers.");
        }
    }

    /** {@code {"baggage":{"user":"u1"}}}. */
    static final class GetAll extends AnsweringFunction {
        GetAll() {
            super("engine::baggage::get_all", "Reads the call's baggage");
        }

        @Override
        JsonNode answer(Input input, Call call) {
            ObjectNode all = Json.object();
            entries(call).forEach(all::put);
            return Json.object().set("baggage", all);
        }
    }

    private static Map<String, String> entries(Call call) {
        Map<String, String> entries = new LinkedHashMap<>();
        for (String entry : call.baggage() == null ? new String[0] : call.baggage().split(",")) {
            String[] pair = entry.split(";", 2)[0].split("=", 2);
            if (pair.length == 2) {
                entries.put(pair[0].strip(), decode(pair[1].strip()));
            }
        }
        return entries;
    }

    private static String decode(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }
}
