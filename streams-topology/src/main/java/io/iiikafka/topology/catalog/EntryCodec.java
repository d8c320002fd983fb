package io.iiikafka.topology.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/** Catalog entries as JSON; the record's key says which kind of entry the value is. */
public final class EntryCodec {

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNameLength(Integer.MAX_VALUE)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION) // for the deserializer below
                    .build())
            .addModule(new SimpleModule()
                    .addSerializer(RawJson.class, new RawJsonSerializer())
                    .addDeserializer(RawJson.class, new RawJsonDeserializer()))
            .build();
    private static final ObjectWriter WRITER = MAPPER.writer();

    private enum Kind {
        GATEWAY(EntryKey.GATEWAY, CatalogEntry.Gateway.class),
        WORKER(EntryKey.WORKER, CatalogEntry.Worker.class),
        FUNCTION(EntryKey.FUNCTION, CatalogEntry.Function.class),
        TRIGGER(EntryKey.TRIGGER, CatalogEntry.Trigger.class),
        TRIGGER_TYPE(EntryKey.TRIGGER_TYPE, CatalogEntry.TriggerType.class),
        TRIGGER_ANSWER(EntryKey.TRIGGER_ANSWER, CatalogEntry.TriggerAnswer.class),
        SERVICE(EntryKey.SERVICE, CatalogEntry.Service.class),
        PRIVATE_SCOPES(EntryKey.PRIVATE_SCOPES, CatalogEntry.PrivateScopes.class),
        QUEUE(EntryKey.QUEUE, CatalogEntry.Queue.class),
        SUBSCRIPTION(EntryKey.SUBSCRIPTION, CatalogEntry.Subscription.class);

        private final String prefix;
        private final ObjectReader reader;
        private final List<Method> required;

        Kind(String prefix, Class<? extends CatalogEntry> type) {
            this.prefix = prefix;
            this.reader = MAPPER.readerFor(type);
            this.required = Arrays.stream(type.getRecordComponents())
                    .filter(component -> !component.getAnnotatedType().isAnnotationPresent(Nullable.class))
                    .map(RecordComponent::getAccessor)
                    .toList();
        }

        /** Null when the value is not one of that kind, or of another key. */
        @Nullable CatalogEntry read(String key, byte[] value) {
            try {
                CatalogEntry entry = reader.readValue(value);
                return entry != null && isWhole(entry) && entry.key().equals(key) ? entry : null;
            } catch (IOException e) {
                return null;
            }
        }

        /** What lacks something that every entry has would fail whoever relies on that, on each start. */
        private boolean isWhole(CatalogEntry entry) {
            try {
                for (Method accessor : required) {
                    if (accessor.invoke(entry) == null) {
                        return false;
                    }
                }
                return true;
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private EntryCodec() {}

    public static byte[] encode(CatalogEntry entry) {
        try {
            return WRITER.writeValueAsBytes(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the entry under {@code key}; null when key or value are of a kind that this version does not know, or no entry. */
    public static @Nullable CatalogEntry decode(String key, byte[] value) {
        for (Kind kind : Kind.values()) {
            if (key.startsWith(kind.prefix)) {
                return kind.read(key, value);
            }
        }
        return null;
    }

    private static final class RawJsonSerializer extends JsonSerializer<RawJson> {
        @Override
        public void serialize(RawJson value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeRawValue(value.toString());
        }
    }

    /** Gives the value's own text: a registration's config and schemas come out as they went in. */
    private static final class RawJsonDeserializer extends JsonDeserializer<RawJson> {
        @Override
        public RawJson deserialize(JsonParser in, DeserializationContext context) throws IOException {
            byte[] entry = (byte[]) in.currentTokenLocation().contentReference().getRawContent();
            int start = (int) in.currentTokenLocation().getByteOffset();
            in.skipChildren();
            in.finishToken();
            return RawJson.of(Arrays.copyOfRange(entry, start, (int) in.currentLocation().getByteOffset()));
        }
    }
}
