package io.iiikafka.gateway.queue;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** The keys of one queue's definition, each of its kind or refused; {@code null} counts as absent. */
final class QueueMembers {

    private final QueueSource source;
    private final String queue;
    private final JsonNode config;

    QueueMembers(QueueSource source, String queue, JsonNode config) {
        this.source = source;
        this.queue = queue;
        this.config = config;
    }

    boolean has(String key) {
        return config.hasNonNull(key);
    }

    long whole(String key, long min, long max, long otherwise) {
        JsonNode value = config.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isNumber() || value.decimalValue().stripTrailingZeros().scale() > 0) {
            throw wrong(key, value, "a whole number");
        }
        if (!value.canConvertToLong() || value.longValue() < min || value.longValue() > max) {
            throw new InvalidQueueException(source.outOfRange(queue, key, value.asText(), min, max));
        }
        return value.longValue();
    }

    double share(String key) {
        JsonNode value = config.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return 0;
        }
        if (!value.isNumber() || value.doubleValue() < 0 || value.doubleValue() > 1) {
            throw wrong(key, value, "a number from 0 to 1");
        }
        return value.doubleValue();
    }

    boolean flag(String key) {
        JsonNode value = config.path(key);
        if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
            throw wrong(key, value, "true or false");
        }
        return value.booleanValue();
    }

    @Nullable String text(String key) {
        JsonNode value = config.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw wrong(key, value, "a text");
        }
        return value.textValue();
    }

    /** The name of a member of payloads. */
    @Nullable String field(String key) {
        String field = text(key);
        if (field != null && field.isBlank()) {
            throw new InvalidQueueException(source.empty(queue, key));
        }
        return field;
    }

    String oneOf(String key, List<String> words) {
        String word = text(key);
        if (word == null) {
            return words.getFirst();
        }
        if (!words.contains(word)) {
            throw wrong(key, config.path(key), "one of " + String.join(", ", words));
        }
        return word;
    }

    /** {@code otherwise} when absent. */
    List<String> texts(String key, List<String> otherwise) {
        JsonNode value = config.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        List<String> texts = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(each -> texts.add(each.isTextual() ? each.textValue() : ""));
        }
        if (!value.isArray() || texts.contains("")) {
            throw wrong(key, value, "a list of texts");
        }
        return List.copyOf(texts);
    }

    /** The object under the key, whose own keys are named {@code key.…} in complaints; null when absent. */
    @Nullable JsonNode object(String key) {
        JsonNode value = config.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isObject()) {
            throw wrong(key, value, "an object");
        }
        return value;
    }

    InvalidQueueException wrong(String key, JsonNode value, String expected) {
        return new InvalidQueueException(source.wrongKind(queue, key, value.toString(), expected));
    }
}
