package io.iiikafka.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The engine's version, as the build stamped it. */
public final class Version {

    public static final String ENGINE = read();

    private Version() {}

    private static String read() {
        try (InputStream stamped = Version.class.getResourceAsStream("version.properties")) {
            Properties properties = new Properties();
            properties.load(stamped);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
