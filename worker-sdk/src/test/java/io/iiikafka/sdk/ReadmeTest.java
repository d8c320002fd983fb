package io.iiikafka.sdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReadmeTest {

    @Test
    void shouldShowTheProgramThatTheTestsCompile() throws IOException {
        String source = Files.readString(Path.of("src/test/java/io/iiikafka/sdk/example/Shop.java"));

        assertThat(Files.readString(Path.of("README.md")))
                .contains("```java\n" + source.substring(source.indexOf("import java")) + "```");
    }
}
