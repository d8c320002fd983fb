package io.iiikafka.gateway.docs;

import java.io.IOException;
import java.io.UncheckedIOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** JSON as pages show it: {@code …} in place of a value is whatever comes out, in place of a last member, any others. */
final class Shown {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ANYTHING = "…";

    private Shown() {}

    static boolean is(String shown, JsonNode given) {
        try {
            return alike(JSON.readTree(shown.replaceAll(":…", ":\"…\"").replace(",…}", ",\"…\":0}")), given);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean alike(JsonNode shown, JsonNode given) {
        if (shown.isTextual() && shown.textValue().equals(ANYTHING)) {
            return true;
        }
        if (shown.isObject()) {
            return given.isObject()
                    && (shown.has(ANYTHING) || shown.size() == given.size())
                    && shown.properties().stream()
                            .filter(member -> !member.getKey().equals(ANYTHING))
                            .allMatch(member -> given.has(member.getKey())
                                    && alike(member.getValue(), given.get(member.getKey())));
        }
        if (shown.isArray()) {
            if (!given.isArray() || shown.size() != given.size()) {
                return false;
            }
            for (int i = 0; i < shown.size(); i++) {
                if (!alike(shown.get(i), given.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return shown.equals(given);
    }
}
