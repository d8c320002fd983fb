package io.iiikafka.gateway.http.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * All routes of one path shape. Immutable. Several triggers may claim one method: the one registered last serves, and
 * when it leaves, the one before it (spec: http.md 4.3).
 */
final class Endpoint {

    static final Endpoint NONE = new Endpoint(new TreeMap<>());

    private final TreeMap<String, List<Route>> byMethod;

    private Endpoint(TreeMap<String, List<Route>> byMethod) {
        this.byMethod = byMethod;
    }

    boolean isEmpty() {
        return byMethod.isEmpty();
    }

    @Nullable Route serving(String method) {
        List<Route> claims = byMethod.get(method);
        return claims == null ? null : claims.getLast();
    }

    /** Methods in alphabetical order; with {@code GET} goes {@code HEAD}. */
    Set<String> methods() {
        Set<String> methods = new TreeSet<>(byMethod.keySet());
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return methods;
    }

    /** A route of the same method whose parameters have other names; the newcomer's own earlier version excepted. */
    @Nullable Route conflicting(Route newcomer) {
        for (Route claim : byMethod.getOrDefault(newcomer.method(), List.of())) {
            if (!claim.binding().key().equals(newcomer.binding().key())
                    && !claim.template().parameters().equals(newcomer.template().parameters())) {
                return claim;
            }
        }
        return null;
    }

    Endpoint with(Route route) {
        List<Route> claims = new ArrayList<>(byMethod.getOrDefault(route.method(), List.of()));
        claims.add(route);
        claims.sort(Comparator.comparingLong(claim -> claim.binding().offset()));
        return with(route.method(), claims);
    }

    Endpoint without(Route route) {
        List<Route> claims = new ArrayList<>(byMethod.getOrDefault(route.method(), List.of()));
        claims.removeIf(claim -> claim.binding().key().equals(route.binding().key()));
        return with(route.method(), claims);
    }

    private Endpoint with(String method, List<Route> claims) {
        TreeMap<String, List<Route>> changed = new TreeMap<>(byMethod);
        if (claims.isEmpty()) {
            changed.remove(method);
        } else {
            changed.put(method, List.copyOf(claims));
        }
        return new Endpoint(changed);
    }
}
