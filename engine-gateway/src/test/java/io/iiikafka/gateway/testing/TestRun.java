package io.iiikafka.gateway.testing;

import java.util.Random;

/**
 * How long randomised tests run, and from which seed: {@code -Plong}, {@code -Diii.test.rounds=…}, {@code
 * -Diii.test.seed=…}.
 */
public final class TestRun {

    private TestRun() {}

    /** The first number in the ordinary test command, the second with {@code -Plong}. */
    public static int times(int ordinary, int longRun) {
        return Boolean.getBoolean("iii.test.long") ? longRun : ordinary;
    }

    /** Likewise, of what is repeated with other seeds. */
    public static int rounds(int ordinary, int longRun) {
        return Integer.getInteger("iii.test.rounds", times(ordinary, longRun));
    }

    /** A seed, printed so that the run can be repeated. */
    public static long seed(String test) {
        long seed = Long.getLong("iii.test.seed", new Random().nextLong(1_000_000));
        System.out.println(test + ": -Diii.test.seed=" + seed);
        return seed;
    }
}
