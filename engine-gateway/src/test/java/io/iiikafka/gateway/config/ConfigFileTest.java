package io.iiikafka.gateway.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ConfigFileTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "port: ${P:3200}              | 3200",
        "port: ${SET}                 | 4000",
        "port: ${SET:1}               | 4000",
        "'port: \"${P:3200}\"'        | 3200",
        "port: 3${P:2}00              | 3200",
        "'port: 3200 # ${UNSET}'      | 3200",
    })
    void shouldExpandPlaceholders(String line, int port) {
        assertThat(port(Load.yaml("workers: [{name: http, config: {%s\n}}]".formatted(line), "SET", "4000")))
                .isEqualTo(port);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", value = {
        "${A:ws://b:1/c}      | ws://b:1/c",
        "${A:-x}              | -x",
        "${EMPTY:x}           | none",
        "${A:}                | none",
        "$${A}                | ${A}",
        "$${A:b}-${A:c}       | ${A:b}-c",
        "'\"#${A:no comment}\"' | #no comment",
        "${HASH}              | # not a comment",
    })
    void shouldKeepTextOfPlaceholders(String value, String expected) {
        assertThat(Load.yaml(
                                "workers: [{name: http, config: {not_found_function: %s}}]".formatted(value),
                                "EMPTY", "",
                                "HASH", "# not a comment")
                        .config()
                        .http()
                        .orElseThrow()
                        .notFoundFunction())
                .isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void shouldReportEveryUnsetVariableWithItsLine() {
        assertThat(Load.problems("""
                        workers:
                          - name: ${NAME}
                            config:
                              ${KEY}: 1
                          - name: http
                            config: {port: ${PORT}}
                        """))
                .contains(
                        "config.yaml:2: environment variable NAME is not set and has no default;"
                                + " set it, or write ${NAME:default}",
                        "config.yaml:4: environment variable KEY is not set and has no default;"
                                + " set it, or write ${KEY:default}",
                        "config.yaml:6: environment variable PORT is not set and has no default;"
                                + " set it, or write ${PORT:default}");
    }

    @Test
    void shouldPreferCommandLineThenEnvironmentThenFile() {
        String yaml = "workers: [{name: http, config: {port: 1}}]";
        LoadedConfig all = ConfigLoader.load(new ConfigInput(
                Optional.of(Load.file(yaml)), Map.of("III_HTTP_PORT", "2"), Map.of("http.port", "3")));

        assertThat(port(all)).isEqualTo(3);
        assertThat(port(Load.yaml(yaml, "III_HTTP_PORT", "2"))).isEqualTo(2);
        assertThat(port(Load.yaml(yaml))).isEqualTo(1);
        assertThat(port(Load.yaml(""))).isEqualTo(3111);
        assertThat(all.find("http.port").orElseThrow().source()).isEqualTo("command line");
        assertThat(all.find("admin.port").orElseThrow().source()).isEqualTo("default");
    }

    @Test
    void shouldWarnOfWhatNobodyReads() {
        LoadedConfig loaded = Load.yaml("""
                rootfs: {mode: x}
                limit: {}
                x-mine: anything
                workers:
                  - name: my-worker
                    worker_path: ./w
                  - name: iii-observability
                """, "III_HTTP_PROT", "1");

        assertThat(loaded.warnings())
                .map(line -> line.replaceFirst(".*config.yaml", "config.yaml"))
                .containsExactlyInAnyOrder(
                        "config.yaml:1: unknown key 'rootfs' is ignored",
                        "config.yaml:2: unknown key 'limit' is ignored; did you mean 'limits'?",
                        "config.yaml:5: worker 'my-worker' is not started by this engine; start it yourself,"
                                + " it connects by itself",
                        "config.yaml:7: worker 'iii-observability' has no settings in this engine; its entry is ignored",
                        "environment III_HTTP_PROT: unknown variable is ignored; did you mean III_HTTP_PORT?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'workers:\\n  - name: [\\n'          | config.yaml:3: not valid YAML",
        "'\\tworkers: []'                     | config.yaml:1: not valid YAML",
        "- a                                  | config.yaml:1: must hold keys and values",
        "'workers: 3'                         | config.yaml:1: workers must be a list",
        "'workers: [3]'                       | config.yaml:1: an entry must have a name",
        "'limits: {max_paylod: 1}' | config.yaml:1: unknown key 'limits.max_paylod'; did you mean 'limits.max_payload'?",
        "'limits: 3'                          | config.yaml:1: unknown key 'limits'",
        "'admin:\\n  port: 99999' | config.yaml:2: admin.port must be a whole number from 0 to 65535, not '99999'",
        "'admin: {port: 1, port: 2}'          | config.yaml:1: key 'port' is given twice",
        "'admin: {port: 1}\\nadmin.port: 2'   | config.yaml:2: 'admin.port' is given twice",
        "'http: {port: 1}'                    | config.yaml:1: 'http' is configured by its entry in 'workers'",
        "'workers: [{name: http, image: x}]'  | config.yaml:1: worker 'http' is part of the engine and takes no image",
        "'timing: {ping_interval: soon}'      | config.yaml:1: timing.ping_interval must be a duration",
        "'timing: {ping_interval: 999999999999999h}' | config.yaml:1: timing.ping_interval must be a duration",
        "'a: &a [*a]'                         | config.yaml:1: nested too deeply",
    })
    void shouldNameLineOfWhatIsWrong(String yaml, String problem) {
        assertThat(Load.problems(yaml.replace("\\n", "\n").replace("\\t", "\t")))
                .first()
                .asString()
                .startsWith(problem);
    }

    @Test
    void shouldNameFileThatIsMissing() {
        assertThatThrownBy(() -> ConfigLoader.load(
                        new ConfigInput(Optional.of(Path.of("no/such.yaml")), Map.of(), Map.of())))
                .hasMessage("no/such.yaml: no such file (named by --config)");
    }

    @Test
    void shouldNameNearestSettingOnCommandLine() {
        assertThatThrownBy(() -> Load.settings("topics.slot", "1"))
                .hasMessage("command line: unknown setting 'topics.slot'; did you mean 'topics.slots'?");
    }

    private static int port(LoadedConfig loaded) {
        return loaded.config().http().orElseThrow().port();
    }
}
