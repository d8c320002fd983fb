package io.iiikafka.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iiikafka.gateway.testing.RawWorker;

/** JSON as pages show it: {@code …} in place of a value is whatever comes out, in place of a last member, any others. */
final class Shown {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ANYTHING = "…";

    private Shown() {}

    /** A call and its payload, and the reply below. */
    private static final Pattern CALL = Pattern.compile("^([\\w:]+) (\\{.*})\\n  → (.*)$", Pattern.MULTILINE);

    /** Makes the calls that the page shows; each gives the reply that is shown, {@code nothing}: no result. Gives how many. */
    static int play(String page, RawWorker worker) {
        List<MatchResult> calls = CALL.matcher(page).results().toList();
        for (MatchResult call : calls) {
            JsonNode reply = worker.call(call.group(1), call.group(2));
            assertThat(reply.get("error")).as(call.group()).isNull();
            if (call.group(3).equals("nothing")) {
                assertThat(reply.has("result")).as(call.group()).isFalse();
            } else {
                assertThat(is(call.group(3), reply.path("result")))
                        .as(call.group() + "\nbut came " + reply)
                        .isTrue();
            }
        }
        return calls.size();
    }

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
