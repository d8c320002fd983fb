package io.iiikafka.gateway.broker;

import java.nio.file.Path;

/**
 * What the embedded broker needs to know.
 *
 * @param directory where it keeps its logs
 * @param port on loopback; 0: any free one; {@link #PREFER_9092}: 9092, or any free one when that is taken
 * @param maxRecordBytes the largest record it takes
 */
public record BrokerSettings(Path directory, int port, int maxRecordBytes) {

    public static final int PREFER_9092 = -1;
}
