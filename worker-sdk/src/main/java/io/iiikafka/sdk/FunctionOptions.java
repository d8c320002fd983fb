package io.iiikafka.sdk;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.protocol.RawJson;

/**
 * What listings show of a function, and how its calls run.
 *
 * @param requestFormat JSON Schema of the payload
 * @param responseFormat JSON Schema of the result
 * @param metadata any JSON; {@code {"internal":true}} hides the function from default listings
 * @param inOrder whether its calls run one after another, as they came, instead of concurrently
 */
public record FunctionOptions(
        @Nullable String description,
        @Nullable RawJson requestFormat,
        @Nullable RawJson responseFormat,
        @Nullable RawJson metadata,
        boolean inOrder) {

    public static final FunctionOptions NONE = new FunctionOptions(null, null, null, null, false);

    public static FunctionOptions describedAs(String description) {
        return new FunctionOptions(description, null, null, null, false);
    }

    public FunctionOptions withSchemas(@Nullable RawJson request, @Nullable RawJson response) {
        return new FunctionOptions(description, request, response, metadata, inOrder);
    }

    public FunctionOptions withMetadata(Object value) {
        return new FunctionOptions(description, requestFormat, responseFormat, RawJson.ofValue(value), inOrder);
    }

    /** One call after another, in the order in which they came: for handlers of events. A slow one delays the next. */
    public FunctionOptions oneAfterAnother() {
        return new FunctionOptions(description, requestFormat, responseFormat, metadata, true);
    }
}
