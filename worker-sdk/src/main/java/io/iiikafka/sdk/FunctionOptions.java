package io.iiikafka.sdk;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.protocol.RawJson;

/**
 * What listings show of a function.
 *
 * @param requestFormat JSON Schema of the payload
 * @param responseFormat JSON Schema of the result
 * @param metadata any JSON; {@code {"internal":true}} hides the function from default listings
 */
public record FunctionOptions(
        @Nullable String description,
        @Nullable RawJson requestFormat,
        @Nullable RawJson responseFormat,
        @Nullable RawJson metadata) {

    public static final FunctionOptions NONE = new FunctionOptions(null, null, null, null);

    public static FunctionOptions describedAs(String description) {
        return new FunctionOptions(description, null, null, null);
    }

    public FunctionOptions withSchemas(@Nullable RawJson request, @Nullable RawJson response) {
        return new FunctionOptions(description, request, response, metadata);
    }

    public FunctionOptions withMetadata(Object value) {
        return new FunctionOptions(description, requestFormat, responseFormat, RawJson.ofValue(value));
    }
}
