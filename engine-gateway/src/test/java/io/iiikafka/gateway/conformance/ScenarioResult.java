package io.iiikafka.gateway.conformance;

import java.io.IOException;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** A driver's line: {@code {"sdk":"node 0.3.0","scenario":"call","ok":true,"ms":12,"detail":"…"}}. */
record ScenarioResult(String scenario, boolean ok, long millis, String detail) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Empty for any other line; SDKs print what they like. */
    static Optional<ScenarioResult> of(String line) {
        if (!line.startsWith("{")) {
            return Optional.empty();
        }
        try {
            JsonNode node = JSON.readTree(line);
            if (!node.path("scenario").isTextual()) {
                return Optional.empty();
            }
            String detail = node.path("detail").asText("");
            return Optional.of(new ScenarioResult(
                    node.get("scenario").asText(), node.path("ok").asBoolean(), node.path("ms").asLong(), detail));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
