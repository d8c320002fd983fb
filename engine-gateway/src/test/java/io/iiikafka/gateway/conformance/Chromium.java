package io.iiikafka.gateway.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** A headless Chromium with a profile of its own, driven over its DevTools protocol. */
final class Chromium implements AutoCloseable {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on ws://([^/]+)/.*");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final String address;

    private Chromium(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /** Skips the test where no Chromium is installed; fails it where nothing may be skipped. */
    static void require() {
        if (installed().isEmpty()) {
            String reason = "none of " + NAMES + " is installed: pages are not tested in a browser";
            if (Toolchain.REQUIRE_ALL) {
                Assertions.fail(reason);
            }
            Assumptions.abort(reason);
        }
    }

    private static Optional<String> installed() {
        return NAMES.stream()
                .filter(name -> Pattern.compile(":")
                        .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name))))
                .findFirst();
    }

    static Chromium start() throws IOException {
        Process process = new ProcessBuilder(
                        installed().orElseThrow(),
                        "--headless=new",
                        "--no-sandbox", // which a container does not allow; the pages are our own
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + Files.createTempDirectory("chromium-"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader lines = process.errorReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.matches()) {
                Thread.startVirtualThread(() -> lines.lines().forEach(more -> {})); // lest the pipe fills
                return new Chromium(process, listening.group(1));
            }
        }
        throw new IOException("Chromium ended at its start, with " + process.exitValue());
    }

    /** Opens a window of its own. */
    ChromiumPage open(String url) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + "/json/new?about:blank"))
                    .PUT(HttpRequest.BodyPublishers.noBody())
                    .build();
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            String socket = JSON.readTree(response.body()).path("webSocketDebuggerUrl").textValue();
            ChromiumPage page = ChromiumPage.connect(http, URI.create(socket));
            page.navigate(url);
            return page;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        http.close();
    }
}
