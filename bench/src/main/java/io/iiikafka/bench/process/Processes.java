package io.iiikafka.bench.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starting and stopping processes. */
public final class Processes {

    private Processes() {}

    /** This JVM's java with its class path. */
    public static List<String> java(Class<?> main, List<String> jvmFlags, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmFlags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    /** Waits for the process to go by itself; then asks it to (SIGTERM); then insists (SIGKILL). */
    public static void stop(Process process, long patience, TimeUnit unit) {
        try {
            if (!process.waitFor(patience, unit)) {
                process.destroy();
            }
            if (!process.waitFor(patience, unit)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
