package io.iiikafka.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.iiikafka.bench.load.Measurement;
import io.iiikafka.bench.report.Row;

/** Requests per second of an HTTP trigger, by {@code wrk}. */
final class HttpRequests {

    private static final Pattern PERCENTILE = Pattern.compile("(50|99)% +([\\d.]+)(us|ms|s)\\b");
    private static final Pattern PER_SECOND = Pattern.compile("Requests/sec: +([\\d.]+)");
    private static final Pattern TOTAL = Pattern.compile("(\\d+) requests in");
    private static final Pattern REFUSED = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");

    private HttpRequests() {}

    /** One row of each number of connections; rounds as elsewhere, after one that is not counted. */
    static List<Row> measure(Options options, String subject, String url) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (int connections : List.of(1, 64)) {
            List<Measurement> rounds = new ArrayList<>();
            for (int round = 0; round <= options.rounds(); round++) {
                Measurement measurement = once(url, connections, options.seconds());
                if (round > 0) {
                    rounds.add(measurement);
                }
            }
            rows.add(Row.of(subject, connections, rounds));
        }
        return rows;
    }

    private static Measurement once(String url, int connections, int seconds) throws IOException {
        Process wrk = new ProcessBuilder(
                        "wrk", "-t1", "-c" + connections, "-d" + seconds + "s", "--latency", url)
                .redirectErrorStream(true)
                .start();
        String output = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!PER_SECOND.matcher(output).find()) {
            throw new IOException("wrk says: " + output.strip());
        }
        long total = Long.parseLong(first(TOTAL, output, "0"));
        long refused = Long.parseLong(first(REFUSED, output, "0"));
        return new Measurement(
                total - refused,
                refused,
                Double.parseDouble(first(PER_SECOND, output, "0")),
                micros(output, "50"),
                micros(output, "99"),
                0,
                0);
    }

    private static String first(Pattern pattern, String output, String otherwise) {
        Matcher found = pattern.matcher(output);
        return found.find() ? found.group(1) : otherwise;
    }

    private static double micros(String output, String percentile) {
        Matcher found = PERCENTILE.matcher(output);
        while (found.find()) {
            if (found.group(1).equals(percentile)) {
                double value = Double.parseDouble(found.group(2));
                return switch (found.group(3)) {
                    case "us" -> value;
                    case "ms" -> value * 1e3;
                    default -> value * 1e6;
                };
            }
        }
        return 0;
    }
}
