package io.iiikafka.bench.profile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** A flight recording of another JVM. */
public final class Recording {

    /** For a JVM that shall be recorded: without them, samples between safepoints are lost. */
    public static final String JVM_OPTIONS = "-XX:+UnlockDiagnosticVMOptions -XX:+DebugNonSafepoints";

    private Recording() {}

    /** Records the JVM while something is done. By processor time where the JVM can (25 and newer, Linux). */
    public static <T> T during(long pid, Path file, Callable<T> something) throws Exception {
        List<String> sampling = Runtime.version().feature() >= 25
                ? List.of("jdk.CPUTimeSample#enabled=true", "jdk.CPUTimeSample#throttle=5ms",
                        "jdk.ExecutionSample#enabled=false")
                : List.of("jdk.ExecutionSample#period=10ms");
        List<String> start = new ArrayList<>(List.of("JFR.start", "name=bench", "settings=profile"));
        start.addAll(sampling);
        command(pid, start);
        T result = something.call();
        command(pid, List.of("JFR.stop", "name=bench", "filename=" + file.toAbsolutePath()));
        return result;
    }

    /** What {@link #during} has recorded. */
    public static String hotSpots(Path file) throws IOException {
        return HotSpots.read(file).text();
    }

    private static void command(long pid, List<String> words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        command.add(Long.toString(pid));
        command.addAll(words);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd: " + said);
        }
    }
}
