package io.iiikafka.gateway.http;

import java.util.Comparator;
import java.util.List;

import io.iiikafka.gateway.config.HttpConfig;
import io.iiikafka.gateway.config.HttpMiddlewareConfig;

/**
 * What holds for a request from its first step to its last, whatever is reconfigured meanwhile (spec: http.md 5).
 *
 * @param middleware functions that every matched request meets, in order
 */
record HttpRules(HttpConfig config, Cors cors, List<Middleware.Step> middleware) {

    static HttpRules of(HttpConfig config) {
        List<Middleware.Step> middleware = config.middleware().stream()
                .filter(entry -> entry.phase().equals(HttpMiddlewareConfig.PRE_HANDLER))
                .sorted(Comparator.comparingLong(HttpMiddlewareConfig::priority))
                .map(entry -> new Middleware.Step(entry.functionId(), entry.rejectInvalid()))
                .toList();
        return new HttpRules(config, Cors.of(config.cors()), middleware);
    }
}
