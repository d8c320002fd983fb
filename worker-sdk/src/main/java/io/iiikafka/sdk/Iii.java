package io.iiikafka.sdk;

import java.net.URI;
import java.util.List;

import io.iiikafka.sdk.internal.WorkerSession;

/** Where a worker begins: {@code try (Worker worker = Iii.connect()) { … }}. */
public final class Iii {

    /** Used when neither an address nor the environment variable {@code III_URL} is given. */
    public static final URI DEFAULT_ADDRESS = URI.create("ws://localhost:49134");

    private Iii() {}

    /** Connects to {@code III_URL}, or {@link #DEFAULT_ADDRESS}, with default options. */
    public static Worker connect() {
        String address = System.getenv("III_URL");
        return connect(address == null || address.isBlank() ? DEFAULT_ADDRESS : URI.create(address));
    }

    public static Worker connect(URI address) {
        return connect(address, WorkerOptions.builder().build());
    }

    public static Worker connect(URI address, WorkerOptions options) {
        return connect(List.of(address), options);
    }

    /**
     * Starts a worker and returns at once; it connects in the background and keeps trying, so the engine may start
     * later. Whoever wants to know uses {@link Worker#awaitConnected}.
     *
     * @param addresses {@code ws://} or {@code wss://} addresses of one engine; the next is tried when one fails
     * @throws IllegalArgumentException if there is no address, one is not of these schemes, or a header cannot be sent
     */
    public static Worker connect(List<URI> addresses, WorkerOptions options) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("no address to connect to: give at least one, like " + DEFAULT_ADDRESS);
        }
        addresses.forEach(Iii::check);
        return WorkerSession.start(addresses, options);
    }

    private static void check(URI address) {
        String authority = address.getRawAuthority();
        if (authority != null && authority.contains("@")) {
            throw new IllegalArgumentException(
                    "credentials in an address end up in logs: send them as a header of the options");
        }
        if (!"ws".equals(address.getScheme()) && !"wss".equals(address.getScheme()) || authority == null) {
            throw new IllegalArgumentException(
                    "not a WebSocket address: " + address + "; write it like " + DEFAULT_ADDRESS);
        }
        if (address.getHost() == null) {
            throw new IllegalArgumentException(
                    authority + " is no host name: use letters, digits, hyphens and dots, or the IP address");
        }
    }
}
