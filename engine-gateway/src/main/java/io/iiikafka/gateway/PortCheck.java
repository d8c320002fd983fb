package io.iiikafka.gateway;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.iiikafka.gateway.config.EngineConfig;
import io.iiikafka.gateway.config.Role;

/**
 * Finds addresses that cannot be bound before seconds are spent on the rest of the start, and those that are given
 * twice: listeners of one process would share a port without a word.
 */
final class PortCheck implements AutoCloseable {

    private final List<ServerSocket> bound = new ArrayList<>();
    private final Map<Integer, String> uses = new HashMap<>();

    private PortCheck() {}

    /** @throws StartupException naming the address, what it is for, and the flag that changes it */
    static void requireFree(EngineConfig config) {
        try (PortCheck check = new PortCheck()) {
            check.bind(config.admin().host(), config.admin().port(), "admin, --admin-port");
            if (config.process().has(Role.BROKER)) {
                check.bind("127.0.0.1", Math.max(0, config.broker().port()), "embedded Kafka, --broker-port");
            }
            if (config.process().has(Role.GATEWAY)) {
                config.listeners().forEach(listener -> check.bind(listener.host(), listener.port(), "workers, --port"));
                config.http().ifPresent(http -> check.bind(http.host(), http.port(), "REST, --http-port"));
                if (config.streamPort()) {
                    check.bind(
                            config.streams().socket().host(), config.streams().socket().port(), "streams, --stream-port");
                }
            }
        }
    }

    /** Keeps the address until all are known to be free. */
    private void bind(String host, int port, String what) {
        if (port == 0) {
            return;
        }
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new StartupException("host " + host + " is unknown (" + what + ")");
        }
        try {
            ServerSocket socket = new ServerSocket();
            bound.add(socket);
            socket.bind(address);
            uses.put(port, what);
        } catch (SocketException e) {
            throw cannotBind(host, port, what, e);
        } catch (IOException e) {
            throw new StartupException("address " + host + ":" + port + " cannot be bound: " + e.getMessage(), e);
        }
    }

    private StartupException cannotBind(String host, int port, String what, SocketException e) {
        String message = String.valueOf(e.getMessage());
        String address = "address " + host + ":" + port;
        if (message.contains("in use")) {
            String user = uses.get(port);
            String by = user == null ? " is already in use" : " is already in use by this engine itself (" + user + ")";
            return new StartupException(address + by + " (" + what + ")", e);
        }
        if (message.contains("ermission")) {
            return new StartupException(address + " may not be bound by this user (" + what + ")", e);
        }
        return new StartupException(address + " cannot be bound (" + what + "): " + message, e);
    }

    @Override
    public void close() {
        for (ServerSocket socket : bound) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new StartupException("a port that was tried out cannot be closed: " + e.getMessage(), e);
            }
        }
    }
}
