package io.iiikafka.gateway.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.iiikafka.gateway.socket.BlankNamespace;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/** The input object of an engine function; what does not fit is a {@code deserialization_error} (spec: 5.9, 6.1). */
final class Input {

    private final String functionId;
    private final JsonNode object;

    private Input(String functionId, JsonNode object) {
        this.functionId = functionId;
        this.object = object;
    }

    /** No input and {@code null} count as {@code {}}. */
    static Input of(Call call) {
        RawJson data = call.data();
        JsonNode node = data == null || data.isNull() ? JsonNodeFactory.instance.objectNode() : data.toTree();
        Input input = new Input(call.functionId(), node);
        if (!node.isObject()) {
            throw input.misfit("expected an object, got " + node.getNodeType().name().toLowerCase(Locale.ROOT));
        }
        return input;
    }

    Refusal misfit(String detail) {
        return Refusal.of(
                ErrorCode.DESERIALIZATION_ERROR, "Failed to deserialize input for " + functionId + ": " + detail);
    }

    JsonNode object() {
        return object;
    }

    boolean has(String field) {
        return object.hasNonNull(field);
    }

    @Nullable String text(String field) {
        JsonNode value = object.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw misfit("`" + field + "` must be a string");
        }
        return value.textValue();
    }

    /** The name of a namespace; blank is refused (spec: protocol.md section 12). */
    @Nullable String namespace(String field) {
        String namespace = text(field);
        if (namespace != null && namespace.isBlank()) {
            throw Refusal.of(BlankNamespace.error(field));
        }
        return namespace;
    }

    String requiredText(String field) {
        String value = text(field);
        if (value == null) {
            throw misfit("missing field `" + field + "`");
        }
        return value;
    }

    boolean flag(String field) {
        JsonNode value = object.path(field);
        if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
            throw misfit("`" + field + "` must be a boolean");
        }
        return value.asBoolean(false);
    }

    List<String> texts(String field) {
        JsonNode value = object.path(field);
        List<String> texts = new ArrayList<>();
        if (value.isMissingNode() || value.isNull()) {
            return texts;
        }
        if (!value.isArray()) {
            throw misfit("`" + field + "` must be an array of strings");
        }
        for (JsonNode each : value) {
            if (!each.isTextual()) {
                throw misfit("`" + field + "` must be an array of strings");
            }
            texts.add(each.textValue());
        }
        return texts;
    }

    /** The value as it stands in the input; null when absent or {@code null}. */
    @Nullable RawJson raw(String field) {
        return has(field) ? RawJson.ofValue(object.get(field)) : null;
    }
}
