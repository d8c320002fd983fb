package io.iiikafka.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

import org.apache.kafka.common.utils.AppInfoParser;

/** Where and of what the numbers are. */
public record Machine(
        String date,
        String commit,
        String processor,
        int cores,
        long memoryMegabytes,
        String system,
        String loadBefore,
        Map<String, String> versions) {

    public static Machine look(Path home) throws IOException {
        Map<String, String> versions = new TreeMap<>();
        versions.put("jdk", System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"));
        versions.put("kafka", AppInfoParser.getVersion());
        versions.put("node", Output.firstLine(home, "node", "--version"));
        versions.put("iii-sdk", "0.22.1 (npm)");
        return new Machine(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                Output.firstLine(home, "git", "describe", "--always", "--dirty", "--exclude=*"),
                field(Path.of("/proc/cpuinfo"), "model name"),
                Runtime.getRuntime().availableProcessors(),
                Long.parseLong(field(Path.of("/proc/meminfo"), "MemTotal").replaceAll("\\D", "")) / 1024,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                Files.readString(Path.of("/proc/loadavg")).strip(),
                versions);
    }

    private static String field(Path file, String name) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        }
    }
}
