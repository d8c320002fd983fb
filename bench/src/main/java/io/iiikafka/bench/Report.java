package io.iiikafka.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.iiikafka.bench.report.Machine;

/** Writes what was found. */
final class Report {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private Report() {}

    static void write(Options options, Machine machine, Results results) throws IOException {
        Path directory = Files.createDirectories(options.results());
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("machine", machine);
        all.put("rounds", options.rounds());
        all.put("seconds", options.seconds());
        all.put("subjects", results.subjects);
        all.put("rows", results.rows);
        all.put("facts", results.facts);
        all.put("verdicts", results.verdicts);
        all.put("skipped", results.skipped);
        Files.writeString(directory.resolve("latest.json"), JSON.writeValueAsString(all) + "\n");
        String page = new MarkdownPage(options, machine, results).text();
        Files.writeString(directory.resolve("latest.md"), page);
        if (options.peers() && options.rounds() >= 3) {
            new ReadmeTable(results).write(options.home().resolve("README.md"));
        }
        Results.say(page);
        Results.say("written to " + directory);
    }
}
