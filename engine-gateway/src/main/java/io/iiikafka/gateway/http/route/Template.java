package io.iiikafka.gateway.http.route;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A route's path, such as {@code users/:id} (spec: http.md 4.1). A leading slash makes no difference; a trailing one and
 * empty segments do.
 *
 * @param text as registered
 * @param parameters names in order of appearance
 */
public record Template(String text, List<Segment> segments, List<String> parameters) {

    /** The tree of routes is walked by recursion, one step for each segment. */
    static final int MOST_SEGMENTS = 256;

    /** What no request line can hold needs no route. */
    static final int LONGEST = 65_534;

    private static final int SHOWN = 100;

    public static Template parse(String text) throws InvalidRouteException {
        if (text.length() > LONGEST) {
            throw new InvalidRouteException("api_path '" + text.substring(0, SHOWN) + "…' has " + text.length()
                    + " characters; no request can have more than " + LONGEST);
        }
        List<Segment> segments = new ArrayList<>();
        List<String> parameters = new ArrayList<>();
        List<String> parts = split(text);
        if (parts.size() > MOST_SEGMENTS) {
            throw new InvalidRouteException("api_path '" + text.substring(0, SHOWN) + "…' has " + parts.size()
                    + " segments; it may have " + MOST_SEGMENTS + " at most");
        }
        for (int i = 0; i < parts.size(); i++) {
            Segment segment = segment(text, parts.get(i));
            switch (segment) {
                case Segment.Literal literal -> {}
                case Segment.Parameter parameter -> parameters.add(parameter.name());
                case Segment.Rest rest -> {
                    if (i < parts.size() - 1) {
                        throw new InvalidRouteException(
                                "api_path '" + text + "': the catch-all '" + parts.get(i) + "' must come last");
                    }
                    parameters.add(rest.name());
                }
            }
            segments.add(segment);
        }
        return new Template(text, List.copyOf(segments), List.copyOf(parameters));
    }

    private static Segment segment(String text, String part) throws InvalidRouteException {
        if (part.equals(":") || part.equals("{}") || part.equals("{*}")) {
            throw new InvalidRouteException(
                    "api_path '" + text + "': the parameter '" + part + "' has no name; write ':name'");
        }
        if (part.startsWith("*")) {
            throw new InvalidRouteException(
                    "api_path '" + text + "': a segment cannot begin with '*'; write '{*name}' for a catch-all");
        }
        if (part.startsWith(":")) {
            return new Segment.Parameter(part.substring(1));
        }
        if (part.indexOf('{') < 0 && part.indexOf('}') < 0) {
            return new Segment.Literal(part);
        }
        String name = part.substring(1, Math.max(1, part.length() - 1));
        if (!part.startsWith("{") || !part.endsWith("}") || name.indexOf('{') >= 0 || name.indexOf('}') >= 0) {
            throw new InvalidRouteException(
                    "api_path '" + text + "': a parameter must be a whole segment, unlike '" + part + "'");
        }
        return name.startsWith("*") ? new Segment.Rest(name.substring(1)) : new Segment.Parameter(name);
    }

    /** The segments of a raw path or a template; the root has one, which is empty. */
    static List<String> split(String path) {
        List<String> parts = new ArrayList<>();
        int start = path.startsWith("/") ? 1 : 0;
        while (true) {
            int slash = path.indexOf('/', start);
            if (slash < 0) {
                parts.add(path.substring(start));
                return parts;
            }
            parts.add(path.substring(start, slash));
            start = slash + 1;
        }
    }

    /** Puts names to the values that matched, still percent-encoded; of equal names the last wins. */
    public Map<String, String> name(List<String> values) {
        if (values.isEmpty()) {
            return Map.of();
        }
        Map<String, String> named = LinkedHashMap.newLinkedHashMap(values.size());
        for (int i = 0; i < values.size(); i++) {
            named.put(parameters.get(i), values.get(i));
        }
        return named;
    }
}
