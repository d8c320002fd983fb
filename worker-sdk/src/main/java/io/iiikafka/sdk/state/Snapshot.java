package io.iiikafka.sdk.state;

import java.util.List;

/**
 * Keys of a scope as they were together (spec: state.md 12.3).
 *
 * @param revision of the scope; grows with each change in it
 * @param entries in the order asked for, or of the list
 */
public record Snapshot<T>(long revision, List<Versioned<T>> entries) {

    public Snapshot {
        entries = List.copyOf(entries);
    }
}
