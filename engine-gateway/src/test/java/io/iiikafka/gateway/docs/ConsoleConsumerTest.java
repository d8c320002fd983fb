package io.iiikafka.gateway.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Kafka's own console consumer reads the public topics by the lines of the page (issue: topic forms). */
class ConsoleConsumerTest {

    private static final Pattern LINE = Pattern.compile("```\\n(kafka-console-consumer .*?)\\n```", Pattern.DOTALL);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void shouldReadEveryPublicTopicByTheLineOfThePage() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "records.md"));
        try (TestEngine engine = TestEngine.start();
                RawWorker worker = engine.worker("console")) {
            worker.call("state::set", "{\"scope\":\"s\",\"key\":\"k\",\"value\":{\"shown\":1}}");
            worker.call("state::set", "{\"scope\":\"s\",\"key\":\"gone\",\"value\":1}");
            worker.call("state::delete", "{\"scope\":\"s\",\"key\":\"gone\"}");
            worker.call("stream::set", "{\"stream_name\":\"n\",\"group_id\":\"g\",\"item_id\":\"i\",\"data\":{\"shown\":2}}");
            worker.call("publish", "{\"topic\":\"orders.shipped\",\"data\":{\"shown\":4}}");
            worker.call("nobody::serves", "{\"shown\":3}");

            Matcher lines = LINE.matcher(page);
            List<String> topics = new ArrayList<>();
            while (lines.find()) {
                List<String> words = words(lines.group(1), engine.topics().prefix());
                String topic = words.get(words.indexOf("--topic") + 1).substring(engine.topics().prefix().length());
                topics.add(topic);
                runUntil(expected(topic), topic, words);
            }
            assertThat(topics)
                    .contains(
                            "invocations",
                            "commands",
                            "results",
                            "catalog",
                            "keeper-state-changelog",
                            "keeper-state-history-changelog",
                            "keeper-streams-changelog",
                            "stream-events",
                            "events");
        }
    }

    /** What is printed at least; a removed value is printed as null. */
    private static List<String> expected(String topic) {
        return switch (topic) {
            case "invocations" -> List.of("nobody::serves\t{\"shown\":3", "ce_type:nobody::serves");
            case "commands" -> List.of("ce_type:state::set", "\"value\":{\"shown\":1}");
            case "results" -> List.of("iii.invocation.completed", "\"new_value\":{\"shown\":1}", "function_not_found");
            case "catalog" -> List.of("worker/", "\"name\":\"console\"");
            case "keeper-state-changelog" -> List.of("s/k\t{\"shown\":1}", "s/gone\tnull", "iii_version:1");
            case "keeper-state-history-changelog" -> List.of("\"op\":\"set\"", "\"op\":\"delete\"", "\"new_value\":{\"shown\":1}");
            case "keeper-streams-changelog" -> List.of("n/g/i\t{\"shown\":2}");
            case "stream-events" -> List.of("n/g\t{", "\"data\":{\"shown\":2}");
            case "events" -> List.of("orders.shipped\t{\"shown\":4}", "ce_type:orders.shipped", "iii_offset:1");
            default -> List.of("");
        };
    }

    private static List<String> words(String line, String prefix) {
        String bare = line.replace("\\\n", " ")
                .replace("127.0.0.1:9092", TestBroker.bootstrapServers())
                .replace("--topic iii.", "--topic " + prefix);
        List<String> words = new ArrayList<>(List.of(bare.strip().split("\\s+")));
        return words;
    }

    private static void runUntil(List<String> expected, String topic, List<String> words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "org.apache.kafka.tools.consumer.ConsoleConsumer"));
        command.addAll(words.subList(1, words.size()));
        Path printed = Files.createTempFile("console", ".txt");
        Process consumer = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(Files.readString(printed, UTF_8)).as(topic).contains(expected));
        } finally {
            consumer.destroyForcibly();
            Files.delete(printed);
        }
    }
}
