package io.iiikafka.bench.report;

import java.io.IOException;
import java.nio.file.Path;

/** What a command prints. */
final class Output {

    private Output() {}

    /** Its first line, or {@code unknown} when there is no such command or it prints nothing. */
    static String firstLine(Path directory, String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (var output = process.inputReader()) {
                String line = output.readLine();
                return line == null ? "unknown" : line;
            }
        } catch (IOException e) {
            return "unknown";
        }
    }
}
