package io.iiikafka.sdk;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * What an HTTP trigger hands to its function (spec: http.md section 6).
 *
 * @param path the route as it was registered, like {@code /users/:id}
 * @param pathParams what the {@code :names} of the route matched
 * @param queryParams of a repeated one the last value
 * @param headers names in lower case
 * @param body parsed when the content type is JSON, else {@code null}
 * @param requestBody the body as bytes: {@link Worker#openReader}
 * @param response to answer piece by piece: {@link Worker#openWriter}
 */
public record HttpRequest(
        String method,
        String path,
        @JsonProperty("path_params") Map<String, String> pathParams,
        @JsonProperty("query_params") Map<String, String> queryParams,
        Map<String, String> headers,
        JsonNode body,
        @JsonProperty("request_body") ChannelRef requestBody,
        ChannelRef response) {}
