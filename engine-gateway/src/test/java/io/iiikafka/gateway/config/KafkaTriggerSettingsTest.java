package io.iiikafka.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import io.iiikafka.gateway.kafka.ConfiguredDeserializer;
import io.iiikafka.gateway.testing.ReversedText;
import org.junit.jupiter.api.Test;

class KafkaTriggerSettingsTest {

    @Test
    void shouldKnowNoFurtherFormatsUnlessTold() {
        assertThat(Load.defaults().kafkaTriggers().formats()).isEmpty();
    }

    @Test
    void shouldTakeDeserializersWithTheirProperties() {
        String yaml = """
                kafka_trigger:
                  formats:
                    reversed: { class: %s, registry.url: http://registry:8080, use.ids: true }
                """.formatted(ReversedText.class.getName());
        assertThat(Load.yaml(yaml).config().kafkaTriggers().formats())
                .isEqualTo(Map.of(
                        "reversed",
                        new ConfiguredDeserializer(
                                ReversedText.class.getName(),
                                Map.of("registry.url", "http://registry:8080", "use.ids", "true"))));
    }

    @Test
    void shouldSayWhatIsWrongWithADeserializer() {
        assertThat(Load.problems("kafka_trigger: { formats: { avro: { class: not.There } } }"))
                .singleElement()
                .asString()
                .contains("'avro'", "not.There is not on the class path; name its jars in III_CLASSPATH");
        assertThat(Load.problems("kafka_trigger: { formats: { odd: { class: java.lang.String } } }"))
                .singleElement()
                .asString()
                .contains("java.lang.String is no deserializer of Kafka");
        assertThat(Load.problems("kafka_trigger: { formats: { none: { a: b } } }"))
                .singleElement()
                .asString()
                .contains("has no `class` for 'none'");
    }
}
