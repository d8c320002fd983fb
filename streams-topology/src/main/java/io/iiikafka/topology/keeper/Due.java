package io.iiikafka.topology.keeper;

/** Names, of notes and the like, that stand for what is to be done at a time: {@code <kind><ms in 15 digits>/<what>}. */
public final class Due {

    private static final int DIGITS = 15;

    private Due() {}

    public static String name(String kind, long ms, String what) {
        return kind + String.format("%015d", ms) + "/" + what;
    }

    /** What is to be done. */
    public static String what(String kind, String name) {
        return name.substring(kind.length() + DIGITS + 1);
    }

    public static long ms(String kind, String name) {
        return Long.parseLong(name.substring(kind.length(), kind.length() + DIGITS));
    }
}
