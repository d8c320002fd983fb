package io.iiikafka.gateway.channel;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * What a data socket asks for: {@code /ws/channels/{id}?key=…&dir=read|write} (spec: protocol.md 8.3). SDKs append
 * that to
 * the address they were given, so a query of that address may stand before it (1.2).
 *
 * @param uri path and query without what stands before them
 */
public record ChannelRequest(String uri, String channelId, String key, boolean reader) {

    private static final String PATH = "/ws/channels/";

    /** Empty when the request lacks something or cannot be read. */
    public static Optional<ChannelRequest> parse(String uri) {
        int start = uri.indexOf(PATH);
        int question = start < 0 ? -1 : uri.indexOf('?', start);
        if (question < 0) {
            return Optional.empty();
        }
        try {
            String id = decode(uri.substring(start + PATH.length(), question));
            String key = parameter(uri.substring(question + 1), "key");
            String direction = parameter(uri.substring(question + 1), "dir");
            boolean known = "read".equals(direction) || "write".equals(direction);
            return key == null || !known || id.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new ChannelRequest(uri.substring(start), id, key, "read".equals(direction)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static @Nullable String parameter(String query, String name) {
        for (String pair : query.split("&")) {
            if (pair.startsWith(name + "=")) {
                return decode(pair.substring(name.length() + 1));
            }
        }
        return null;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
