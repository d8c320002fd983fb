package io.iiikafka.topology.keeper;

import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/** What a command may note beside values. */
public interface Notes {

    /** The only clock: when the command was written. */
    long nowMs();

    @Nullable RawJson note(String name);

    /** Keeps the note, or takes it away when it is null. */
    void note(String name, @Nullable RawJson note);

    /** The first names, as they were before the command, from one, inclusive, to another, exclusive. */
    List<String> notes(String from, String before, int most);
}
