package io.iiikafka.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param home the root of the checkout
 * @param rounds measured rounds, 5 unless given (2 with {@code --quick})
 * @param seconds of each measurement, 5 (2 with {@code --quick})
 * @param peers whether other systems are measured too
 * @param only the part that alone is measured, and nothing written; null: everything
 */
record Options(Path home, int rounds, int seconds, boolean peers, @Nullable Part only) {

    /** What can be measured alone. */
    enum Part {
        STATE,
        MANY,
        WIDE,
        STREAMS,
        JOBS;

        private String option() {
            return "--" + name().toLowerCase(Locale.ROOT);
        }
    }

    static final String USAGE = "usage: bench/run [--quick] [--peers] [--state | --many | --wide | --streams | --jobs] [--rounds N]"
            + " [--seconds N]";

    /** The launcher script's first argument is the root of the checkout. */
    static Options parse(List<String> arguments) {
        Deque<String> left = new ArrayDeque<>(arguments);
        Path home = Path.of(left.pop());
        boolean quick = left.remove("--quick");
        boolean peers = left.remove("--peers");
        Part only = null;
        for (Part part : Part.values()) {
            only = left.remove(part.option()) ? part : only;
        }
        int rounds = quick ? 2 : 5;
        int seconds = quick ? 2 : 5;
        while (!left.isEmpty()) {
            switch (left.pop()) {
                case "--rounds" -> rounds = Integer.parseInt(left.pop());
                case "--seconds" -> seconds = Integer.parseInt(left.pop());
                default -> throw new IllegalArgumentException(USAGE);
            }
        }
        return new Options(home, rounds, seconds, peers, only);
    }

    Duration duration() {
        return Duration.ofSeconds(seconds);
    }

    /** Where everything is installed and written that is thrown away. */
    Path target() {
        return home.resolve("bench/target");
    }

    Path logs() {
        return target().resolve("logs");
    }

    /** Where the Node programs are, with what they depend on. */
    Path node() {
        return target().resolve("node");
    }

    Path results() {
        return home.resolve("bench/results");
    }
}
