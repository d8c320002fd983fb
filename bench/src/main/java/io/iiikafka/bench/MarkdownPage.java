package io.iiikafka.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import io.iiikafka.bench.report.Fact;
import io.iiikafka.bench.report.Machine;
import io.iiikafka.bench.report.Row;
import io.iiikafka.bench.report.Spread;
import io.iiikafka.bench.report.Verdict;

/** The results as a page to read. */
final class MarkdownPage {

    private final Options options;
    private final Machine machine;
    private final Results results;
    private final StringBuilder page = new StringBuilder();

    MarkdownPage(Options options, Machine machine, Results results) {
        this.options = options;
        this.machine = machine;
        this.results = results;
    }

    String text() {
        head();
        targets();
        roundTrips();
        facts();
        subjects();
        return page.toString();
    }

    private void head() {
        line("# Benchmark");
        line("");
        line("Written by `bench/run` on %s, commit %s. %s, %d cores, %,d MB, %s; load average before the run %s.".formatted(
                machine.date(), machine.commit(), machine.processor(), machine.cores(), machine.memoryMegabytes(),
                machine.system(), machine.loadBefore()));
        line("Versions: " + machine.versions().entrySet().stream()
                .map(version -> version.getKey() + " " + version.getValue())
                .collect(Collectors.joining(", ")) + ".");
        line("");
        line("%d rounds of %d s each, when all have been warmed up until they got no quicker; all systems in turn in each round,"
                .formatted(options.rounds(), options.seconds()));
        line("everything on this one machine; a 100-byte JSON object there and back. One in flight is a caller that waits for each"
                + " answer. Median of the rounds (least–most). Other machines give other numbers; the ratios are what counts.");
    }

    private void targets() {
        title("Targets");
        line("| target | bound | measured | |");
        line("|---|---|---|---|");
        for (Verdict verdict : results.verdicts) {
            line("| %s | %s | %s | %s |".formatted(
                    verdict.target(), verdict.bounds(), verdict.shown(), verdict.passed() ? "pass" : "**fail**"));
        }
    }

    private void roundTrips() {
        title("Round trips");
        line("| system | in flight | calls/s | p50 µs | p99 µs | server CPU µs/call | errors | calls/s : floor | p50 : floor |");
        line("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        Map<String, Long> order = results.rows.stream()
                .collect(Collectors.toMap(Row::subject, row -> 0L, (one, other) -> one, LinkedHashMap::new));
        for (String subject : order.keySet()) {
            results.rows.stream().filter(row -> row.subject().equals(subject)).forEach(this::roundTrip);
        }
    }

    private void roundTrip(Row row) {
        Optional<Row> floor = row.subject().startsWith("http-")
                ? Optional.empty()
                : results.row(Subject.FLOOR, row.inFlight());
        line("| %s | %d | %s | %s | %s | %s | %d | %s | %s |".formatted(
                row.subject(),
                row.inFlight(),
                shown(row.perSecond()),
                shown(row.p50()),
                shown(row.p99()),
                row.cpu().most() == 0 ? "" : shown(row.cpu()),
                row.errors(),
                floor.map(base -> ratio(row.perSecond(), base.perSecond())).orElse(""),
                floor.map(base -> ratio(row.p50(), base.p50())).orElse("")));
    }

    private void facts() {
        title("Start, size, rest");
        line("| | |");
        line("|---|--:|");
        for (Fact fact : results.facts) {
            line("| %s | %s %s |".formatted(fact.title(), number(fact.value()), fact.unit()));
        }
    }

    private void subjects() {
        title("What was measured");
        line("| system | what | a call before its answer |");
        line("|---|---|---|");
        for (Subject subject : results.subjects) {
            line("| %s | %s | %s |".formatted(subject.id(), subject.title(), subject.durability()));
        }
        line("| java-alone, java-crowded | `java` again, before and with 1,000 idle workers that serve 10,000 functions | |");
        line("| state-get-many, state-get-beside-lists | `state::get`, 1,000,000 values in ten scopes, and while one of them is listed"
                + " each second | as `state-get` |");
        line("| wide-* | functions on a scope of 1,000,000 keys: `get`, `set`, `delete` and `set`, a page of `list` and of"
                + " `list_keys` | as `state-get` |");
        line("| wide-other, wide-other-beside | `state::get` of another scope, and while the million is read in pages | as"
                + " `state-get` |");
        line("| http-java, http-node | `wrk` with so many connections → REST port → engine → worker | as `java`, `node` |");
        line("");
        line("Sequential: one caller that waits for each answer. The floor's JVM has the engine's flags and broker settings; `floor`");
        line("and `floor-plain` use no socket, so their callers sit in the broker's process, as the gateway does; `floor-socket` has one,");
        line("with its caller in another process, as a worker is. Server CPU: all threads of the process that");
        line("holds the broker (for the floor its clients too, for the engine not the SDKs), per answered call.");
        if (!results.skipped.isEmpty()) {
            title("Skipped");
            results.skipped.forEach(skipped -> line("- " + skipped));
        }
    }

    private static String ratio(Spread one, Spread other) {
        return String.format(Locale.ROOT, "%.2f", one.median() / other.median());
    }

    private static String shown(Spread spread) {
        return "%s (%s–%s)".formatted(number(spread.median()), number(spread.least()), number(spread.most()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : "%.2f", value);
    }

    private void title(String title) {
        line("");
        line("## " + title);
        line("");
    }

    private void line(String line) {
        page.append(line).append('\n');
    }
}
