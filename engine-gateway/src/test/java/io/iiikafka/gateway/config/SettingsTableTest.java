package io.iiikafka.gateway.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Keeps the table of docs/configuration.md true; with {@code UPDATE_DOCS=true} in the environment it is written. */
class SettingsTableTest {

    private static final Path PAGE = Path.of("../docs/configuration.md");
    private static final Pattern TABLE =
            Pattern.compile("(<!-- settings -->\n)(.*)(<!-- /settings -->)", Pattern.DOTALL);

    @Test
    void shouldListEverySettingAsItIs() throws IOException {
        String page = Files.readString(PAGE);
        Matcher table = TABLE.matcher(page);
        assertThat(table.find()).isTrue();
        if ("true".equals(System.getenv("UPDATE_DOCS"))) {
            Files.writeString(PAGE, table.replaceFirst("$1" + Matcher.quoteReplacement(Settings.table()) + "$3"));
        } else {
            assertThat(table.group(2)).isEqualTo(Settings.table());
        }
    }

    @Test
    void shouldGiveEachSettingNamesOfItsOwn() {
        assertThat(Settings.ALL).extracting(Setting::key).doesNotHaveDuplicates();
        assertThat(Settings.ALL).extracting(Setting::environment).doesNotHaveDuplicates();
        assertThat(Settings.flags()).extracting(Settings.Flag::name).doesNotHaveDuplicates();
    }
}
