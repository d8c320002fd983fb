package io.iiikafka.sdk.internal;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.protocol.RawJson;

/** Between payloads and users' types. Raw JSON passes as it is. */
final class Json {

    private final ObjectMapper mapper;

    Json(@Nullable ObjectMapper mapper) {
        this.mapper = mapper != null
                ? mapper
                : JsonMapper.builder()
                        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .build();
    }

    @Nullable RawJson write(@Nullable Object value) throws JsonProcessingException {
        if (value == null) {
            return null;
        }
        return value instanceof RawJson raw ? raw : RawJson.of(mapper.writeValueAsBytes(value));
    }

    <T> @Nullable T read(RawJson json, Class<T> type) throws IOException {
        if (type == RawJson.class) {
            return type.cast(json);
        }
        if (json.isNull() || type == Void.class) {
            return null;
        }
        return mapper.readValue(json.toBytes(), type);
    }
}
