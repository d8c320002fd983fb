package io.iiikafka.gateway.stream;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** What a request's path asks for (spec: stream.md 5.1, 13.7). */
sealed interface StreamPath {

    /** A socket without a subscription. */
    record Plain() implements StreamPath {}

    /** A socket that begins with a subscription. */
    record Subscribe(ClientMessage.Join join) implements StreamPath {}

    /** @param status 404 or 400 */
    record Refused(int status, String reason) implements StreamPath {}

    /**
     * @param path as it stands in the request, without the query
     * @param query what stands behind it; of what a join can ask for, it is the form for addresses
     */
    static StreamPath of(String path, @Nullable String query) {
        if (path.equals("/")) {
            return new Plain();
        }
        String rest;
        if (path.equals("/stream") || path.startsWith("/stream/")) {
            rest = path.substring("/stream".length());
        } else if (path.equals("/ws/streams") || path.startsWith("/ws/streams/")) {
            rest = path.substring("/ws/streams".length());
        } else {
            return new Refused(404, "Not Found");
        }
        if (rest.isEmpty() || rest.equals("/")) {
            return new Plain();
        }
        return subscribe(rest.substring(1), query);
    }

    private static StreamPath subscribe(String rest, @Nullable String query) {
        List<String> names = new ArrayList<>();
        try {
            for (String segment : (rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest).split("/", -1)) {
                names.add(decode(segment));
            }
        } catch (IllegalArgumentException e) {
            return new Refused(400, "The path is not well-formed: " + e.getMessage());
        }
        if (names.size() < 2) {
            return new Refused(400, "Name a group, too: /stream/<stream>/<group>");
        }
        if (names.size() > 3) {
            return new Refused(404, "Not Found");
        }
        try {
            return new Subscribe(new ClientMessage.Join(
                    UUID.randomUUID().toString(),
                    new GroupId(names.get(0), names.get(1)),
                    names.size() == 3 ? names.get(2) : null,
                    query == null ? null : JoinOptions.read(JoinQuery.read(query))));
        } catch (JoinOptions.BadJoin | IllegalArgumentException e) {
            return new Refused(400, "The query asks for what there is not: " + e.getMessage());
        }
    }

    private static String decode(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
