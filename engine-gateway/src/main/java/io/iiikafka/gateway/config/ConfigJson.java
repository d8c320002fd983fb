package io.iiikafka.gateway.config;

import java.math.BigDecimal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A part of the configuration as JSON: plain words that YAML takes for numbers or truth values are such. */
final class ConfigJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ConfigJson() {}

    static JsonNode of(ConfigNode node) {
        return switch (node) {
            case ConfigNode.Scalar scalar -> scalar(scalar);
            case ConfigNode.Sequence sequence -> {
                ArrayNode array = JSON.arrayNode();
                sequence.items().forEach(item -> array.add(of(item)));
                yield array;
            }
            case ConfigNode.Mapping mapping -> {
                ObjectNode object = JSON.objectNode();
                mapping.entries().forEach(entry -> object.set(entry.key(), of(entry.value())));
                yield object;
            }
        };
    }

    private static JsonNode scalar(ConfigNode.Scalar scalar) {
        if (scalar.isNull()) {
            return JSON.nullNode();
        }
        if (scalar.quoted()) {
            return JSON.textNode(scalar.text());
        }
        return switch (scalar.text()) {
            case "true", "True", "TRUE" -> JSON.booleanNode(true);
            case "false", "False", "FALSE" -> JSON.booleanNode(false);
            default -> numberOrText(scalar.text());
        };
    }

    private static JsonNode numberOrText(String text) {
        if (text.length() > 30 || !text.matches("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d{1,3})?")) {
            return JSON.textNode(text);
        }
        BigDecimal number = new BigDecimal(text);
        return text.matches("[-+]?\\d{1,18}") ? JSON.numberNode(number.longValue()) : JSON.numberNode(number);
    }
}
