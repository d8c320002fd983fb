package io.iiikafka.gateway.http;

import io.iiikafka.sdk.protocol.RawJson;

/** What {@code engine::triggers::info} says of the trigger type (spec: http.md 19). JSON Schema draft 07. */
final class HttpSchemas {

    static final RawJson CONFIGURATION = compact("""
            {
              "$schema": "http://json-schema.org/draft-07/schema#",
              "title": "HttpTriggerConfig",
              "type": "object",
              "required": ["api_path"],
              "properties": {
                "api_path": {"type": "string", "description": "Path, such as /users/:id"},
                "http_method": {
                  "enum": ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", null],
                  "default": "GET"
                },
                "condition_function_id": {
                  "type": ["string", "null"],
                  "description": "Called first; its value false skips the request with 422"
                },
                "middleware_function_ids": {
                  "type": "array",
                  "items": {"type": "string"},
                  "default": [],
                  "description": "Called in this order before the function"
                },
                "timeout_ms": {
                  "type": ["integer", "null"],
                  "minimum": 1,
                  "description": "To the head of the response, in place of the listener's default"
                }
              }
            }""");

    static final RawJson REQUEST = compact("""
            {
              "$schema": "http://json-schema.org/draft-07/schema#",
              "title": "HttpRequest",
              "type": "object",
              "required": ["query_params", "path_params", "headers", "path", "method", "body"],
              "properties": {
                "query_params": {"type": "object", "additionalProperties": {"type": "string"}},
                "path_params": {"type": "object", "additionalProperties": {"type": "string"}},
                "headers": {"type": "object", "additionalProperties": {"type": "string"}},
                "path": {"type": "string"},
                "method": {"type": "string"},
                "body": true
              }
            }""");

    static final RawJson RESPONSE = compact("""
            {
              "$schema": "http://json-schema.org/draft-07/schema#",
              "title": "HttpResponse",
              "type": "object",
              "properties": {
                "status_code": {"type": ["integer", "null"], "minimum": 0},
                "headers": {
                  "anyOf": [
                    {"type": "object", "additionalProperties": {"type": "string"}},
                    {"type": "array", "items": {"type": "string"}},
                    {"type": "null"}
                  ]
                },
                "body": true
              }
            }""");

    private HttpSchemas() {}

    private static RawJson compact(String text) {
        return RawJson.of(CompactJson.of(RawJson.of(text)));
    }
}
