package io.iiikafka.gateway.http.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.iiikafka.gateway.trigger.Binding;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All routes of all workers (spec: http.md 4). One thread adds and removes, any thread matches, without locks. */
public final class RouteTable {

    private static final Logger LOG = LoggerFactory.getLogger(RouteTable.class);

    private final Node root = new Node();
    private final Map<String, Route> byKey = new HashMap<>();

    /** Makes the trigger's route live, in place of the one that the trigger had; what is refused changes nothing. */
    public void add(Binding binding) throws InvalidRouteException {
        Route route = Route.of(binding);
        Node node = root.descend(route.template(), 0);
        Endpoint endpoint = node.endpoint(route.template());
        Route rival = endpoint.conflicting(route);
        if (rival != null) {
            throw new InvalidRouteException("Route '" + route + "' conflicts with already-registered route '" + rival
                    + "': routes with identical structure but different path-parameter names are not supported");
        }
        Route former = byKey.put(binding.key(), route);
        Route served = endpoint.serving(route.method());
        if (former != null && isAt(former, node, route)) {
            node.set(route.template(), endpoint.without(former).with(route)); // at one stroke, never absent
        } else {
            node.set(route.template(), endpoint.with(route));
            if (former != null) {
                drop(former);
            }
        }
        log(route, served);
    }

    private boolean isAt(Route former, Node node, Route route) {
        return former.method().equals(route.method())
                && root.descend(former.template(), 0) == node
                && node.endpoint(former.template()) == node.endpoint(route.template());
    }

    private static void log(Route route, @Nullable Route served) {
        LOG.info("[REGISTERED] Endpoint {} → {}", route, route.functionId());
        if (served != null && !served.sameService(route)) {
            LOG.atInfo()
                    .addKeyValue("before", served.functionId())
                    .addKeyValue("now", route.functionId())
                    .log("Route {} is served by its newest registration", route);
        }
    }

    /** Ends the trigger's route; an earlier one of the same path and method serves again. */
    public void remove(Binding binding) {
        Route route = byKey.remove(binding.key());
        if (route != null) {
            drop(route);
        }
    }

    private void drop(Route route) {
        Node node = root.descend(route.template(), 0);
        node.set(route.template(), node.endpoint(route.template()).without(route));
        root.prune(route.template(), 0);
    }

    /**
     * What serves a request.
     *
     * @param method upper case
     * @param path the raw path
     * @param foldTrailingSlash whether {@code /a/} and {@code /a} are one where only one of them is registered
     */
    public Match match(String method, String path, boolean foldTrailingSlash) {
        Match match = match(method, path);
        if (match instanceof Match.NotFound && foldTrailingSlash && path.length() > 1) {
            return match(method, path.endsWith("/") ? path.substring(0, path.length() - 1) : path + "/");
        }
        return match;
    }

    private Match match(String method, String path) {
        List<String> values = new ArrayList<>(4);
        Endpoint endpoint = root.find(Template.split(path), 0, values);
        if (endpoint == null) {
            return Match.NOT_FOUND;
        }
        Route route = endpoint.serving(method);
        if (route == null && method.equals("HEAD")) {
            route = endpoint.serving("GET");
        }
        return route == null ? new Match.WrongMethod(endpoint.methods()) : new Match.Found(route, values);
    }
}
