package io.iiikafka.gateway;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;

import io.iiikafka.gateway.config.EngineConfig;
import io.iiikafka.gateway.config.Role;

/** Finds addresses that cannot be bound before seconds are spent on the rest of the start. */
final class PortCheck {

    private PortCheck() {}

    /** @throws StartupException naming the address, what it is for, and the flag that changes it */
    static void requireFree(EngineConfig config) {
        requireFree(config.admin().host(), config.admin().port(), "admin, --admin-port");
        if (config.process().has(Role.GATEWAY)) {
            config.listeners().forEach(listener -> requireFree(listener.host(), listener.port(), "workers, --port"));
            config.http().ifPresent(http -> requireFree(http.host(), http.port(), "REST, --http-port"));
        }
    }

    private static void requireFree(String host, int port, String what) {
        if (port == 0) {
            return;
        }
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new StartupException("host " + host + " is unknown (" + what + ")");
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(address);
        } catch (SocketException e) {
            throw cannotBind(host, port, what, e);
        } catch (IOException e) {
            throw new StartupException("address " + host + ":" + port + " cannot be bound: " + e.getMessage(), e);
        }
    }

    private static StartupException cannotBind(String host, int port, String what, SocketException e) {
        String message = String.valueOf(e.getMessage());
        String address = "address " + host + ":" + port;
        if (message.contains("in use")) {
            return new StartupException(address + " is already in use (" + what + ")", e);
        }
        if (message.contains("ermission")) {
            return new StartupException(address + " may not be bound by this user (" + what + ")", e);
        }
        return new StartupException(address + " cannot be bound (" + what + "): " + message, e);
    }
}
