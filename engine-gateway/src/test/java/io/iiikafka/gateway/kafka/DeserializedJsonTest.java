package io.iiikafka.gateway.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Type;
import com.google.protobuf.Value;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;

/** What deserializers on the class path give, by the real libraries of their formats. */
class DeserializedJsonTest {

    private static final String ORDER =
            """
            {"type":"record","name":"Order","fields":[
              {"name":"id","type":"string"},
              {"name":"state","type":{"type":"enum","name":"State","symbols":["OPEN","PAID"]}},
              {"name":"lines","type":{"type":"array","items":{"type":"record","name":"Line","fields":[
                {"name":"sku","type":"string"},{"name":"quantity","type":"int"}]}}},
              {"name":"note","type":["null","string"],"default":null},
              {"name":"labels","type":{"type":"map","values":"string"}},
              {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
              {"name":"checksum","type":"bytes"}]}
            """;

    /** As the ones of schema registries do, but for where the schema is from. */
    public static final class AvroDeserializer implements Deserializer<Object> {

        private Schema schema;

        @Override
        public void configure(Map<String, ?> configs, boolean isKey) {
            schema = new Schema.Parser().parse((String) configs.get("schema"));
        }

        @Override
        public Object deserialize(String topic, byte[] data) {
            try {
                return new GenericDatumReader<>(schema).read(null, DecoderFactory.get().binaryDecoder(data, null));
            } catch (IOException e) {
                throw new SerializationException(e);
            }
        }
    }

    public static final class TypeDeserializer implements Deserializer<Type> {

        @Override
        public Type deserialize(String topic, byte[] data) {
            try {
                return Type.parseFrom(data);
            } catch (InvalidProtocolBufferException e) {
                throw new SerializationException(e);
            }
        }
    }

    @Test
    void shouldReadAvro() throws Exception {
        Schema schema = new Schema.Parser().parse(ORDER);
        GenericRecord order = new GenericData.Record(schema);
        order.put("id", "o-\"1\"");
        order.put("state", new GenericData.EnumSymbol(schema.getField("state").schema(), "PAID"));
        GenericRecord line = new GenericData.Record(schema.getField("lines").schema().getElementType());
        line.put("sku", "ü");
        line.put("quantity", 2);
        order.put("lines", List.of(line));
        order.put("labels", Map.of("a", "b"));
        order.put("at", Instant.parse("2026-01-02T03:04:05Z").toEpochMilli());
        order.put("checksum", ByteBuffer.wrap("abc".getBytes(UTF_8)));

        String json = read(new ConfiguredDeserializer(AvroDeserializer.class.getName(), Map.of("schema", ORDER)), bytes(order));

        assertThat(json)
                .isEqualToIgnoringWhitespace("{\"id\":\"o-\\\"1\\\"\",\"state\":\"PAID\",\"lines\":[{\"sku\":\"ü\",\"quantity\":2}],"
                        + "\"note\":null,\"labels\":{\"a\":\"b\"},\"at\":1767323045000,\"checksum\":\"abc\"}");
    }

    @Test
    void shouldReadTextOfAvroAsText() throws Exception {
        Schema text = Schema.create(Schema.Type.STRING);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        encoder.writeString("o-1");
        encoder.flush();

        assertThat(read(new ConfiguredDeserializer(AvroDeserializer.class.getName(), Map.of("schema", text.toString())), out.toByteArray()))
                .isEqualTo("\"o-1\"");
    }

    @Test
    void shouldReadProtobufWithTheFieldsThatAreAtTheirDefaults() throws Exception {
        Type type = Type.newBuilder().setName("Order").addOneofs("paid").build();

        String json = read(new ConfiguredDeserializer(TypeDeserializer.class.getName(), Map.of()), type.toByteArray());

        assertThat(json)
                .contains("\"name\":\"Order\"", "\"oneofs\":[\"paid\"]", "\"fields\":[]", "\"edition\":\"\"");
    }

    @Test
    void shouldReadTheTypesThatProtobufKnows() throws Exception {
        Struct struct = Struct.newBuilder()
                .putFields("a", Value.newBuilder().setNumberValue(1).build())
                .build();
        assertThat(DeserializedJson.of(struct)).hasToString("{\"a\":1.0}");
        assertThat(DeserializedJson.of(Timestamp.newBuilder().setSeconds(1).build())).hasToString("\"1970-01-01T00:00:01Z\"");
    }

    @Test
    void shouldSayThatARecordCannotBeRead() {
        ConfiguredDeserializer avro =
                new ConfiguredDeserializer(AvroDeserializer.class.getName(), Map.of("schema", ORDER));
        Any unknown = Any.newBuilder()
                .setTypeUrl("type.example/unknown")
                .setValue(ByteString.copyFromUtf8("x"))
                .build();

        assertThatThrownBy(() -> read(avro, new byte[] {40, 1}))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("could not be read");
        assertThatThrownBy(() -> DeserializedJson.of(unknown)).isInstanceOf(IOException.class);
    }

    private static String read(ConfiguredDeserializer deserializer, byte[] bytes) throws UnreadableException {
        return deserializer.open(false).read("t", new RecordHeaders(), bytes).toString();
    }

    private static byte[] bytes(GenericRecord record) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<>(record.getSchema()).write(record, encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
