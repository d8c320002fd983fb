package io.iiikafka.gateway.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** How keys and values of records become JSON, and back. */
interface Format {

    /** The formats that are always there; others are deserializers on the class path. */
    enum Plain implements Format {
        /** JSON as it stands there. */
        JSON {
            @Override
            public RawJson read(String topic, Headers headers, byte[] bytes) throws UnreadableException {
                RawJson json = RawJson.parse(bytes);
                if (json == null) {
                    throw new UnreadableException("is not JSON in UTF-8");
                }
                return json;
            }

            @Override
            public byte[] write(RawJson json) {
                return json.toBytes();
            }
        },
        /** Text in UTF-8. */
        STRING {
            @Override
            public RawJson read(String topic, Headers headers, byte[] bytes) throws UnreadableException {
                try {
                    return RawJson.ofValue(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
                } catch (CharacterCodingException e) {
                    throw new UnreadableException("is not text in UTF-8");
                }
            }

            @Override
            public byte[] write(RawJson json) throws UnreadableException {
                return text(json).getBytes(UTF_8);
            }
        },
        /** Any bytes, in Base64. */
        BYTES {
            @Override
            public RawJson read(String topic, Headers headers, byte[] bytes) {
                return base64(bytes);
            }

            @Override
            public byte[] write(RawJson json) throws UnreadableException {
                try {
                    return Base64.getDecoder().decode(text(json));
                } catch (IllegalArgumentException e) {
                    throw new UnreadableException("is not Base64");
                }
            }
        };

        /** Their names, as configs say them. */
        static final List<String> NAMES = List.of("json", "string", "bytes");

        static RawJson base64(byte[] bytes) {
            return RawJson.ofValue(Base64.getEncoder().encodeToString(bytes));
        }

        private static String text(RawJson json) throws UnreadableException {
            String text = json.text();
            if (text == null) {
                throw new UnreadableException("must be a string");
            }
            return text;
        }

        static @Nullable Plain of(String name) {
            int index = NAMES.indexOf(name);
            return index < 0 ? null : values()[index];
        }
    }

    /** Any thread. */
    RawJson read(String topic, Headers headers, byte[] bytes) throws UnreadableException;

    /** @throws UnreadableException also when the format cannot be written */
    default byte[] write(RawJson json) throws UnreadableException {
        throw new UnreadableException("cannot be written in this format");
    }
}
