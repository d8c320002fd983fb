package io.iiikafka.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.iiikafka.bench.report.Fact;
import io.iiikafka.bench.report.Row;
import io.iiikafka.bench.report.Verdict;

/** What has been found so far. */
final class Results {

    final List<Subject> subjects = new ArrayList<>();
    final List<Row> rows = new ArrayList<>();
    final List<Fact> facts = new ArrayList<>();
    final List<Verdict> verdicts = new ArrayList<>();
    final List<String> skipped = new ArrayList<>();

    void fact(String id, String title, double value, String unit) {
        say("%s: %.2f %s".formatted(title, value, unit));
        facts.add(new Fact(id, title, value, unit));
    }

    void skip(String what) {
        say("skipped: " + what);
        skipped.add(what);
    }

    Subject subject(String id) {
        return subjects.stream().filter(subject -> subject.id().equals(id)).findFirst().orElseThrow();
    }

    Optional<Row> row(String subject, int inFlight) {
        return rows.stream()
                .filter(row -> row.subject().equals(subject) && row.inFlight() == inFlight)
                .findFirst();
    }

    Optional<Double> fact(String id) {
        return facts.stream().filter(fact -> fact.id().equals(id)).map(Fact::value).findFirst();
    }

    static void say(String line) {
        System.out.println(line);
    }
}
