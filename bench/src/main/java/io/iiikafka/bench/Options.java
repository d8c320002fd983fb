package io.iiikafka.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What the command line asks for.
 *
 * @param home the root of the checkout
 * @param rounds measured rounds, 5 unless given (2 with {@code --quick})
 * @param seconds of each measurement, 5 (2 with {@code --quick})
 * @param peers whether other systems are measured too
 * @param stateOnly whether only state is measured, and nothing written
 * @param manyOnly whether only a million values are measured, and nothing written
 */
record Options(Path home, int rounds, int seconds, boolean peers, boolean stateOnly, boolean manyOnly) {

    static final String USAGE = "usage: bench/run [--quick] [--peers] [--state | --many] [--rounds N] [--seconds N]";

    /** The launcher script's first argument is the root of the checkout. */
    static Options parse(List<String> arguments) {
        Deque<String> left = new ArrayDeque<>(arguments);
        Path home = Path.of(left.pop());
        boolean quick = left.remove("--quick");
        boolean peers = left.remove("--peers");
        boolean stateOnly = left.remove("--state");
        boolean manyOnly = left.remove("--many");
        int rounds = quick ? 2 : 5;
        int seconds = quick ? 2 : 5;
        while (!left.isEmpty()) {
            switch (left.pop()) {
                case "--rounds" -> rounds = Integer.parseInt(left.pop());
                case "--seconds" -> seconds = Integer.parseInt(left.pop());
                default -> throw new IllegalArgumentException(USAGE);
            }
        }
        return new Options(home, rounds, seconds, peers, stateOnly, manyOnly);
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
