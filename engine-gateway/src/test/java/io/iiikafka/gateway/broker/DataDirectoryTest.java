package io.iiikafka.gateway.broker;

import java.nio.file.Files;
import java.nio.file.Path;

import io.iiikafka.gateway.StartupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DataDirectoryTest {

    @TempDir
    Path parent;

    @Test
    void shouldNameOwnerWhenClaimedTwice() {
        Path path = parent.resolve("data");
        try (DataDirectory first = DataDirectory.claim(path)) {
            assertThat(first.resolve("kafka")).isEqualTo(path.resolve("kafka"));
            assertThatThrownBy(() -> DataDirectory.claim(path))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("is in use by another engine (process "
                            + ProcessHandle.current().pid() + ")");
        }
        DataDirectory.claim(path).close();
    }

    @Test
    void shouldRefuseWhenItCannotBeWritten() throws Exception {
        Path file = Files.createFile(parent.resolve("file"));

        assertThatThrownBy(() -> DataDirectory.claim(file.resolve("data")))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("cannot be written")
                .hasMessageContaining("--data");
    }
}
