package io.iiikafka.gateway.kafka;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Map;
import java.util.Optional;

import javax.net.ssl.SSLException;

import io.iiikafka.sdk.protocol.RawJson;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Utils;

/**
 * A deserializer on the class path, for example one that asks a schema registry. What it gives becomes JSON, as
 * {@link DeserializedJson} tells.
 *
 * @param className a {@link Deserializer}
 * @param properties what it is configured with
 */
public record ConfiguredDeserializer(String className, Map<String, ?> properties) {

    /** Why it cannot be used; empty when it can. */
    public Optional<String> problem() {
        try {
            Utils.newInstance(className, Deserializer.class).close();
            return Optional.empty();
        } catch (ClassNotFoundException | NoClassDefFoundError e) {
            return Optional.of(e.getMessage() + " is not on the class path; name its jars in III_CLASSPATH");
        } catch (KafkaException | ClassCastException e) {
            return Optional.of(className + " is no deserializer of Kafka that can be made: " + e.getMessage());
        }
    }

    Format open(boolean key) {
        Deserializer<?> deserializer;
        try {
            deserializer = Utils.newInstance(className, Deserializer.class);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e); // it was looked for at the start
        }
        deserializer.configure(properties, key);
        return (topic, headers, bytes) -> read(deserializer, topic, headers, bytes);
    }

    private static RawJson read(Deserializer<?> deserializer, String topic, Headers headers, byte[] bytes)
            throws UnreadableException {
        try {
            return DeserializedJson.of(deserializer.deserialize(topic, headers, bytes));
        } catch (RuntimeException | IOException e) { // libraries tell of bytes that do not fit by any kind of them
            if (isNotTheRecords(e)) {
                throw new KafkaException("A deserializer cannot read " + topic + " at the moment: " + e.getMessage(), e);
            }
            throw new UnreadableException("could not be read: " + e.getMessage());
        } catch (LinkageError e) {
            throw new KafkaException("A deserializer cannot read " + topic + ", its libraries do not fit: " + e, e);
        } catch (StackOverflowError e) {
            throw new UnreadableException("is nested too deeply");
        }
    }

    /** Whether a schema registry is away, or lets nobody in: for that no record is given up. */
    private static boolean isNotTheRecords(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof RetriableException
                    || each instanceof AuthenticationException
                    || each instanceof AuthorizationException
                    || each instanceof ConfigException
                    || each instanceof SSLException
                    || each instanceof SocketException
                    || each instanceof SocketTimeoutException
                    || each instanceof UnknownHostException
                    || each instanceof HttpTimeoutException
                    || each instanceof ClosedChannelException
                    || each instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }
}
