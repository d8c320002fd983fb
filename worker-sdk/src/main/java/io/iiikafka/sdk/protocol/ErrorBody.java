package io.iiikafka.sdk.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Why a call or a registration failed: {@code {"code":"function_not_found","message":"…","stacktrace":"…"}}
 * (spec: protocol.md 3.7). Forwarded from callee to caller verbatim; users compare {@link #code()}.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ErrorBody(String code, String message, @Nullable String stacktrace) {

    public ErrorBody(String code, String message) {
        this(code, message, null);
    }
}
