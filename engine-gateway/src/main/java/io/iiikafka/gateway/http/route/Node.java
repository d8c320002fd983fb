package io.iiikafka.gateway.http.route;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/** A place in the tree of paths. One thread changes it, any thread reads. */
final class Node {

    private final Map<String, Node> literals = new ConcurrentHashMap<>(2);
    private volatile @Nullable Node parameter;
    private volatile Endpoint here = Endpoint.NONE;
    private volatile Endpoint rest = Endpoint.NONE;

    /** The place that the template leads to, from its segment {@code at} on; made if need be. */
    Node descend(Template template, int at) {
        if (at == template.segments().size()) {
            return this;
        }
        return switch (template.segments().get(at)) {
            case Segment.Literal literal ->
                literals.computeIfAbsent(literal.text(), text -> new Node()).descend(template, at + 1);
            case Segment.Parameter named -> {
                Node next = parameter;
                if (next == null) {
                    next = new Node();
                    parameter = next;
                }
                yield next.descend(template, at + 1);
            }
            case Segment.Rest named -> this;
        };
    }

    Endpoint endpoint(Template template) {
        return endsInRest(template) ? rest : here;
    }

    void set(Template template, Endpoint endpoint) {
        if (endsInRest(template)) {
            rest = endpoint;
        } else {
            here = endpoint;
        }
    }

    private static boolean endsInRest(Template template) {
        return template.segments().getLast() instanceof Segment.Rest;
    }

    /** Takes away places below that lead nowhere any more; true when this one does not either. */
    boolean prune(Template template, int at) {
        if (at < template.segments().size()) {
            switch (template.segments().get(at)) {
                case Segment.Literal literal -> {
                    Node next = literals.get(literal.text());
                    if (next != null && next.prune(template, at + 1)) {
                        literals.remove(literal.text());
                    }
                }
                case Segment.Parameter named -> {
                    Node next = parameter;
                    if (next != null && next.prune(template, at + 1)) {
                        parameter = null;
                    }
                }
                case Segment.Rest named -> {}
            }
        }
        return here.isEmpty() && rest.isEmpty() && literals.isEmpty() && parameter == null;
    }

    /**
     * Finds the endpoint of a path: literals first, then parameters, then the catch-all, going back where one leads
     * nowhere (spec: http.md 4.2).
     *
     * @param values filled with what parameters matched
     */
    @Nullable Endpoint find(List<String> path, int at, List<String> values) {
        if (at == path.size()) {
            return here.isEmpty() ? null : here;
        }
        Node literal = literals.get(path.get(at));
        Endpoint found = literal == null ? null : literal.find(path, at + 1, values);
        if (found != null) {
            return found;
        }
        Node named = parameter;
        if (named != null && !path.get(at).isEmpty()) {
            values.add(path.get(at));
            found = named.find(path, at + 1, values);
            if (found != null) {
                return found;
            }
            values.removeLast();
        }
        return findRest(path, at, values);
    }

    private @Nullable Endpoint findRest(List<String> path, int at, List<String> values) {
        Endpoint all = rest;
        String remaining = all.isEmpty() ? "" : String.join("/", path.subList(at, path.size()));
        if (remaining.isEmpty()) {
            return null;
        }
        values.add(remaining);
        return all;
    }
}
