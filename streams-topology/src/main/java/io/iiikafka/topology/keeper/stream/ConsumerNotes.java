package io.iiikafka.topology.keeper.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.iiikafka.topology.keeper.Input;

/**
 * How the notes of a consumer group are called; {@code <name>} is {@code <stream>/<consumer group>}, escaped as in keys.
 *
 * <ol>
 *   <li>{@code cgh/<name>}: the group as it was created, with when it was used last, on the partition that decides; 0: it has ended.
 *   <li>{@code cg/<name>}: the group, on every partition.
 *   <li>{@code cgp/<name>/<group>}: {@link ConsumerPosition} in a group of the stream.
 *   <li>{@code cgr/<name>/<group>}: there may be something to do in that group.
 *   <li>{@code cgl/<name>}: the group that was served last, so that the others have their turn.
 *   <li>{@code cgd/<name>/<group>/<offset>}: a dead letter.
 *   <li>{@code cgw/<name>/<group>/<offset>}: it is to be tried again.
 * </ol>
 */
record ConsumerNotes(String stream, String name, StreamGroup pair) {

    static final String HOME = "cgh/";
    static final String OPEN = "cg/";
    static final String READY = "cgr/";

    private static final int LONGEST_NAME = 255;

    static ConsumerNotes of(Input input) {
        String stream = input.text("stream_name");
        String name = input.text("consumer_group");
        int length = name.getBytes(UTF_8).length;
        if (length == 0 || length > LONGEST_NAME) {
            throw input.misfit("`consumer_group` must have 1 to " + LONGEST_NAME + " bytes");
        }
        return new ConsumerNotes(stream, name, new StreamGroup(stream, name));
    }

    /** Reads the name of a note that begins so: with {@link #HOME} or {@link #OPEN}. */
    static ConsumerNotes parse(String kind, String name) {
        StreamGroup pair = StreamGroup.parse(name.substring(kind.length()));
        return new ConsumerNotes(pair.stream(), pair.group(), pair);
    }

    /** The key whose partition decides about the consumer group. */
    String homeKey() {
        return pair.recordKey();
    }

    String home() {
        return HOME + pair.recordKey();
    }

    String open() {
        return OPEN + pair.recordKey();
    }

    String served() {
        return "cgl/" + pair.recordKey();
    }

    String position(String group) {
        return "cgp/" + pair.itemKey(group);
    }

    String positions() {
        return "cgp/" + pair.itemPrefix();
    }

    String ready(String group) {
        return READY + pair.itemKey(group);
    }

    String allReady() {
        return READY + pair.itemPrefix();
    }

    String dead(String group, long offset) {
        return deadOf(group) + digits(offset);
    }

    private static String digits(long offset) {
        return String.format("%016d", offset);
    }

    String waiting(String group, long offset) {
        return waitingOf(group) + digits(offset);
    }

    /** The offset in the name of such a note. */
    static long offset(String name) {
        return Long.parseLong(name.substring(name.lastIndexOf('/') + 1));
    }

    String waitingOf(String group) {
        return allWaiting() + StreamGroup.prefixOf(group);
    }

    String allWaiting() {
        return "cgw/" + pair.itemPrefix();
    }

    String deadOf(String group) {
        return "cgd/" + pair.itemPrefix() + StreamGroup.prefixOf(group);
    }

    String allDead() {
        return "cgd/" + pair.itemPrefix();
    }
}
