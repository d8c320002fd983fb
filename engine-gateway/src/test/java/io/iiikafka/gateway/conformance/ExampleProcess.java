package io.iiikafka.gateway.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** An example, started by the command that its README names, in a copy of the examples under {@code target}. */
final class ExampleProcess {

    private static final Path SOURCES = Path.of("../examples");
    private static final Set<String> LEFT_OUT = Set.of("node_modules", ".venv", "target", "workspace", "__pycache__");

    private final Process process;

    private ExampleProcess(Process process) {
        this.process = process;
    }

    /**
     * @param name of its log under {@code target/sdk/logs}
     * @param folder inside the examples
     */
    static ExampleProcess start(String name, String folder, Map<String, String> environment, String... command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(copied().resolve(folder).toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(Installation.installed("logs").resolve(name + ".log").toFile());
            builder.environment().keySet().removeIf(variable -> variable.startsWith("III_"));
            builder.environment().putAll(environment);
            // Built beside the drivers, which share most of their dependencies.
            builder.environment().put("CARGO_TARGET_DIR", Installation.installed("rust").toString());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().put("III_LIBRARIES", System.getProperty("java.class.path"));
            return new ExampleProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a user's start leaves behind, such as installed packages, stays in the copy and serves the next run. */
    private static Path copied() throws IOException {
        Path copy = Installation.installed("examples");
        Files.walkFileTree(SOURCES, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                if (LEFT_OUT.contains(folder.getFileName().toString())) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(copy.resolve(SOURCES.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path target = copy.resolve(SOURCES.relativize(file));
                if (Files.notExists(target) || Files.mismatch(file, target) != -1) {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return copy;
    }

    /** Ends them all as Ctrl-C would end a whole group: launchers such as npm are not asked to pass the signal on. */
    static void endAll(List<ExampleProcess> examples) {
        List<ProcessHandle> all = new ArrayList<>();
        for (ExampleProcess example : examples) {
            example.process.descendants().forEach(all::add);
            all.add(example.process.toHandle());
        }
        all.forEach(ProcessHandle::destroy);
        for (ProcessHandle each : all) {
            try {
                each.onExit().get(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                each.destroyForcibly();
            }
        }
    }
}
