package io.iiikafka.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** What Linux says about a process in {@code /proc}. */
public final class ProcessFacts {

    /** {@code USER_HZ} is 100 on every Linux that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;

    private final Path directory;

    public ProcessFacts(long pid) {
        this.directory = Path.of("/proc", Long.toString(pid));
    }

    /** Resident memory now, in MB of 2^20 bytes. */
    public double residentMegabytes() throws IOException {
        return megabytes("VmRSS:");
    }

    /** The most resident memory that it has had. */
    public double peakMegabytes() throws IOException {
        return megabytes("VmHWM:");
    }

    /** Processor time that it has used, user and system. */
    public double cpuSeconds() throws IOException {
        return cpuSeconds(directory);
    }

    /** The same by thread name (which the kernel cuts to 15 characters), numbers left out, the JVM's own threads too. */
    public Map<String, Double> cpuSecondsByThread() throws IOException {
        Map<String, Double> seconds = new TreeMap<>();
        try (var threads = Files.list(directory.resolve("task"))) {
            for (Path thread : threads.toList()) {
                try {
                    String name = Files.readString(thread.resolve("comm")).strip().replaceAll("\\d+", "#");
                    seconds.merge(name, cpuSeconds(thread), Double::sum);
                } catch (NoSuchFileException e) {
                    // It has just ended.
                }
            }
        }
        return seconds;
    }

    private static double cpuSeconds(Path directory) throws IOException {
        String stat = Files.readString(directory.resolve("stat"));
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(afterName[USER_TICKS]) + Long.parseLong(afterName[SYSTEM_TICKS])) / TICKS_PER_SECOND;
    }

    /** How much of one core it uses during the next while, in percent. */
    public double cpuPercent(Duration during) throws IOException, InterruptedException {
        double before = cpuSeconds();
        Thread.sleep(during);
        return 100 * (cpuSeconds() - before) / (during.toMillis() / 1e3);
    }

    private double megabytes(String field) throws IOException {
        try (var lines = Files.lines(directory.resolve("status"))) {
            return lines.filter(line -> line.startsWith(field))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
                    .findFirst()
                    .orElseThrow(() -> new IOException("no " + field + " in " + directory));
        }
    }
}
