package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;

/** Members that several functions understand beside their own (spec: stream.md 13.10). */
final class StreamOptions {

    private StreamOptions() {}

    /**
     * {@code if_version}: the version of an item is the offset of the event that changed it last; 0: it must not exist.
     *
     * @throws Refusal when it is at another one
     */
    static void checkVersion(Input input, StreamDraft draft, StreamGroup group, String item) {
        long expected = input.integer("if_version", 0, Long.MAX_VALUE, -1);
        StreamItem found = expected < 0 ? null : draft.get(group, item);
        long version = found == null ? 0 : found.offset();
        if (expected >= 0 && expected != version) {
            throw new Refusal(
                    ErrorCode.VERSION_MISMATCH,
                    "Item '" + item + "' is " + (found == null ? "not there" : "at version " + version) + ", not at "
                            + expected + "; read it again and decide anew. Nothing was changed.");
        }
    }

    /** {@code create: "never"}: an item that is not there is not made. */
    static boolean mustExist(Input input) {
        String create = input.optionalText("create");
        if (create != null && !create.equals("never")) {
            throw input.misfit("unknown `create`: expected \"never\"");
        }
        return create != null;
    }

    /** {@code include_offset}: where in the log the event is, if there was one. */
    static JsonBuilder withOffset(JsonBuilder reply, Input input, StreamDraft draft) {
        if (input.flag("include_offset") && !draft.changes().isEmpty()) {
            StreamEvent event = draft.changes().getLast().event();
            if (event.isLogged()) {
                reply.member("offset", event.offset());
            }
            reply.member("timestamp", event.timestampMs());
        }
        return reply;
    }
}
