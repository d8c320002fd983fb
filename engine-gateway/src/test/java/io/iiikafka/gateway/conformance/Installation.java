package io.iiikafka.gateway.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A driver made ready to run under {@code target/sdk}: the SDK at the versions that its lock file names, installed on
 * first use and kept until the lock file changes.
 *
 * @param command starts the driver
 * @param directory to start it in
 */
record Installation(List<String> command, Path directory) {

    private static final long MINUTES_TO_INSTALL = 10;

    static Installation of(SdkClient client) {
        Path sources = client.toolchain().sources();
        Path home = installed(client.toolchain() == Toolchain.RUST ? "rust" : client.run());
        return switch (client.toolchain()) {
            case NODE -> node(sources, sources.resolve(client.version()), home);
            case PYTHON -> python(sources, sources.resolve(client.version()), home);
            case RUST -> rust(sources, client.version(), home);
        };
    }

    /** {@code target/sdk/NAME}, made when it is missing. */
    static Path installed(String name) {
        try {
            return Files.createDirectories(Path.of("target/sdk", name).toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Installation node(Path sources, Path version, Path home) {
        copyAll(sources.resolve("driver"), home);
        copyAll(version, home);
        once(home, version.resolve("package-lock.json"), () -> run(
                home, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--silent"));
        return new Installation(List.of("node", "main.mjs"), home);
    }

    /** The published stream clients: {@code node.mjs} to run, and {@code page.js}, made of {@code page.mjs}. */
    static Path streamClients() {
        Path sources = Path.of("src/test/sdk/stream-client").toAbsolutePath();
        Path home = installed("stream-client");
        copyAll(sources, home);
        once(home, sources.resolve("package-lock.json"), () -> run(
                home, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--silent"));
        run(home, "npx", "esbuild", "page.mjs", "--bundle", "--outfile=page.js",
                "--define:process.env.NODE_ENV=\"production\"", "--log-level=error");
        return home;
    }

    private static Installation python(Path sources, Path version, Path home) {
        Path lock = version.resolve("requirements.txt");
        String python = home.resolve("venv/bin/python").toString();
        once(home, lock, () -> {
            run(home, "python3", "-m", "venv", "--clear", "venv");
            run(home, python, "-m", "pip", "install", "--quiet", "--requirement", lock.toString());
        });
        return new Installation(List.of(python, "-B", "main.py"), sources.resolve("driver"));
    }

    /** One workspace builds the drivers of all Rust SDKs; cargo itself knows what is up to date. */
    private static Installation rust(Path sources, String version, Path home) {
        String binary = "rust-" + version.substring(0, version.lastIndexOf('.')).replace('.', '_');
        run(sources, "cargo", "build", "--locked", "--quiet", "--target-dir", home.toString(), "--package", binary);
        return new Installation(List.of(home.resolve("debug").resolve(binary).toString()), home);
    }

    /** Installs unless that was done for the same lock file. */
    private static void once(Path home, Path lock, Runnable install) {
        Path marker = home.resolve(".installed");
        try {
            if (Files.exists(marker) && Files.mismatch(marker, lock) == -1) {
                return;
            }
            install.run();
            Files.copy(lock, marker, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copyAll(Path from, Path to) {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs an installer to its end; what it printed is in the error when it fails. */
    static void run(Path directory, String... command) {
        try {
            Path log = Files.createTempFile(directory, "install", ".log");
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            boolean ended = process.waitFor(MINUTES_TO_INSTALL, TimeUnit.MINUTES);
            process.destroyForcibly();
            String output = Files.readString(log);
            Files.delete(log);
            if (!ended || process.waitFor() != 0) {
                throw new IllegalStateException("`" + String.join(" ", command) + "` failed: " + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while installing", e);
        }
    }
}
