package io.iiikafka.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import io.iiikafka.bench.report.Row;

/** The few numbers that the README shows, between two marks there; of full runs with peers only. */
final class ReadmeTable {

    private static final String BEGIN = "<!-- written by bench/run --peers -->\n";
    private static final String END = "<!-- end -->\n";

    private final Results results;

    ReadmeTable(Results results) {
        this.results = results;
    }

    void write(Path readme) throws IOException {
        String text = Files.readString(readme);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(readme + " has no place for the table");
        }
        Files.writeString(readme, text.substring(0, begin + BEGIN.length()) + table() + text.substring(end));
    }

    private String table() {
        StringBuilder table = new StringBuilder("""
                | there and back | one after the other, median | 256 in flight | a call before its answer |
                |---|--:|--:|---|
                """);
        results.subjects.stream()
                .filter(subject -> !StateRounds.FLOORS.contains(subject.id())) // they are measured once more
                .forEach(subject -> row(subject).ifPresent(table::append));
        return table.toString();
    }

    private Optional<String> row(Subject subject) {
        List<Row> rows = results.rows.stream().filter(row -> row.subject().equals(subject.id())).toList();
        Optional<Row> one = rows.stream().filter(row -> row.inFlight() == 1).findFirst();
        Optional<Row> many = rows.stream().filter(row -> row.inFlight() == 256).findFirst();
        if (one.isEmpty() || many.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "| %s | %.2f ms | %,.0f/s | %s |%n",
                subject.title(),
                one.get().p50().median() / 1e3,
                many.get().perSecond().median(),
                subject.durability()));
    }
}
