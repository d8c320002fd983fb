package io.iiikafka.gateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The README's first program does what the README says. */
class ReadmeTest {

    private static final String SDK = "0.22.1";

    /** One group: what stands between the fences. */
    private static String block(String page, String start, String end) {
        Matcher block = Pattern.compile(Pattern.quote(start) + "\n(.*?)" + Pattern.quote(end), Pattern.DOTALL).matcher(page);
        assertThat(block.find()).as("a block that starts with %s", start).isTrue();
        return block.group(1);
    }

    @Test
    void shouldServeTheReadmesNodeProgram() throws IOException {
        Toolchain.NODE.require();
        String readme = Files.readString(Path.of("../README.md"));
        String program = block(readme, "```js", "```");
        String answer = block(readme, "$ curl localhost:3111/hello/Ada", "```").strip();
        SdkClient client = SdkClient.ALL.stream()
                .filter(each -> each.toolchain() == Toolchain.NODE && each.version().equals(SDK))
                .findFirst()
                .orElseThrow();
        Path directory = Installation.of(client).directory();
        try (EngineUnderTest engine = EngineUnderTest.start()) {
            String address = "ws://127.0.0.1:" + engine.workerPort();
            assertThat(program).contains("'ws://localhost:49134'");
            Files.writeString(
                    directory.resolve("hello.mjs"), program.replace("'ws://localhost:49134'", "'" + address + "'"));
            Process worker = new ProcessBuilder("node", "hello.mjs")
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(Installation.installed("logs").resolve("readme.log").toFile())
                    .start();
            try (HttpClient http = HttpClient.newHttpClient()) {
                HttpRequest request = HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + engine.httpPort() + "/hello/Ada"))
                        .build();
                Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                                http.send(request, HttpResponse.BodyHandlers.ofString()).body())
                        .isEqualTo(answer));
            } finally {
                worker.destroy();
            }
        }
    }
}
