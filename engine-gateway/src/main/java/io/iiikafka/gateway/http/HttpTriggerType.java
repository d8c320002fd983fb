package io.iiikafka.gateway.http;

import io.iiikafka.gateway.http.route.InvalidRouteException;
import io.iiikafka.gateway.http.route.RouteTable;
import io.iiikafka.gateway.trigger.Binding;
import io.iiikafka.gateway.trigger.BuiltinTriggerType;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/** The trigger type {@code http}: each trigger is a route (spec: http.md 1, 3, 19). */
public final class HttpTriggerType implements BuiltinTriggerType {

    private final RouteTable routes;

    HttpTriggerType(RouteTable routes) {
        this.routes = routes;
    }

    @Override
    public String id() {
        return "http";
    }

    @Override
    public String ownerName() {
        return "iii-http";
    }

    @Override
    public String description() {
        return "HTTP API trigger";
    }

    @Override
    public RawJson configurationSchema() {
        return HttpSchemas.CONFIGURATION;
    }

    @Override
    public RawJson requestSchema() {
        return HttpSchemas.REQUEST;
    }

    @Override
    public RawJson responseSchema() {
        return HttpSchemas.RESPONSE;
    }

    @Override
    public @Nullable ErrorBody bind(Binding binding) {
        try {
            routes.add(binding);
            return null;
        } catch (InvalidRouteException e) {
            return ErrorCode.TRIGGER_REGISTRATION_FAILED.body(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void unbind(Binding binding) {
        routes.remove(binding);
    }
}
