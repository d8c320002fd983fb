package io.iiikafka.gateway.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.iiikafka.gateway.kafka.ConfiguredDeserializer;

/**
 * Triggers of type {@code kafka}.
 *
 * @param formats deserializers on the class path, by the names under which triggers ask for them; default none
 */
public record KafkaTriggerSettings(Map<String, ConfiguredDeserializer> formats) {

    static final Setting<JsonNode> FORMATS = Setting.of(
            "kafka_trigger.formats",
            new SettingType<>(
                    "formats by their names",
                    true,
                    KafkaTriggerSettings::object,
                    formats -> formats.isEmpty() ? "none" : formats.toString()),
            JsonNodeFactory.instance.objectNode(),
            "further formats of keys and values: `{avro: {class: a Kafka deserializer on the class path, its properties: …}}`");

    static final List<Setting<?>> SETTINGS = List.of(FORMATS);

    private static JsonNode object(ConfigNode node) {
        if (node.isNull()) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (!(node instanceof ConfigNode.Mapping)) {
            throw new BadValue("must be formats by their names");
        }
        return ConfigJson.of(node);
    }

    static KafkaTriggerSettings from(Values values) {
        Map<String, ConfiguredDeserializer> formats = new HashMap<>();
        values.get(FORMATS).properties().forEach(entry -> {
            JsonNode given = entry.getValue();
            if (!given.path("class").isTextual()) {
                values.error(FORMATS, "has no `class` for '" + entry.getKey() + "': name a Kafka deserializer");
                return;
            }
            Map<String, String> properties = new HashMap<>();
            given.properties().forEach(property -> properties.put(property.getKey(), property.getValue().asText()));
            properties.remove("class");
            ConfiguredDeserializer format =
                    new ConfiguredDeserializer(given.path("class").textValue(), Map.copyOf(properties));
            format.problem().ifPresent(problem -> values.error(FORMATS, "has '" + entry.getKey() + "': " + problem));
            formats.put(entry.getKey(), format);
        });
        return new KafkaTriggerSettings(Map.copyOf(formats));
    }
}
