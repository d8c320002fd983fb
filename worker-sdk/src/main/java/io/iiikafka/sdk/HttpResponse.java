package io.iiikafka.sdk;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** What the function of an HTTP trigger answers with: {@code {"status_code":200,"headers":{},"body":…}}. */
public record HttpResponse(
        @JsonProperty("status_code") int statusCode, Map<String, String> headers, @Nullable Object body) {

    public static HttpResponse ok(@Nullable Object body) {
        return of(200, body);
    }

    public static HttpResponse of(int statusCode, @Nullable Object body) {
        return new HttpResponse(statusCode, Map.of(), body);
    }
}
