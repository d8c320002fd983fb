package io.iiikafka.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.record.HeaderNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page for readers of the topics names everything that stands in records and answers. */
class RecordsPageTest {

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "records.md"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldExplainEveryErrorCode(ErrorCode code) throws IOException {
        assertThat(page())
                .contains("| `" + code.code() + "` | " + code.meaning() + " | " + (code.retryable() ? "yes" : "no") + " |");
    }

    @Test
    void shouldNameEveryHeader() throws Exception {
        String page = page();
        for (Field name : HeaderNames.class.getFields()) {
            assertThat(page).contains("`" + name.get(null) + "`");
        }
    }
}
