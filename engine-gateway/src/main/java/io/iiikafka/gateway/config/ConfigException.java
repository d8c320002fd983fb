package io.iiikafka.gateway.config;

import java.util.List;

import io.iiikafka.gateway.StartupException;

/** The configuration is wrong: everything that is, at once, each with its place. */
public final class ConfigException extends StartupException {

    private static final long serialVersionUID = 1;

    public ConfigException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
    }

    public ConfigException(String problem) {
        this(List.of(problem));
    }
}
