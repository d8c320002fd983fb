package io.iiikafka.gateway.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** A language's tools, which a machine may lack. */
enum Toolchain {
    NODE("node", "npm"),
    PYTHON("python3"),
    RUST("cargo");

    static final boolean REQUIRE_ALL = Boolean.parseBoolean(System.getenv("III_REQUIRE_ALL_SDKS"));

    private final List<String> commands;

    Toolchain(String... commands) {
        this.commands = List.of(commands);
    }

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Why clients in this language cannot run here; empty when they can. */
    Optional<String> missing() {
        return commands.stream()
                .filter(command -> !runs(command))
                .findFirst()
                .map(command -> "`" + command + "` is not installed: the " + id() + " SDKs are not tested");
    }

    /** Skips the test when clients in this language cannot run here; fails it where all have to. */
    void require() {
        missing().ifPresent(reason -> {
            if (REQUIRE_ALL) {
                Assertions.fail(reason);
            }
            Assumptions.abort(reason);
        });
    }

    private static boolean runs(String command) {
        try {
            Process process = new ProcessBuilder(command, "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Where this language's drivers and lock files are. */
    Path sources() {
        return Path.of("src/test/sdk").resolve(id()).toAbsolutePath();
    }
}
