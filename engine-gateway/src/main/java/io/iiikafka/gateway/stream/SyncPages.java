package io.iiikafka.gateway.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Page;
import io.iiikafka.topology.keeper.stream.StreamRoom;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what the keeper says of a group when a socket joins it: of a long group it gives page after page, so that
 * other commands get their turn in between. One page is awaited at a time, on any thread.
 */
final class SyncPages {

    /** More than this is put together elsewhere than on the thread that reads everybody's results. */
    private static final int SHORT = 256 * 1024;

    /** Asks for a page of that cursor, or with {@code close} for none any more. */
    @FunctionalInterface
    interface Source {

        void ask(String cursor, boolean close, Consumer<Outcome> handler);
    }

    private final Source source;
    private final long mostBytes;
    private final Consumer<Outcome> handler;
    private final List<RawJson> rows = new ArrayList<>();
    private final Map<String, RawJson> answer = new HashMap<>();
    private long bytes;

    /** @param handler told the keeper's answer with all {@code data} in it, or what went wrong */
    SyncPages(Source source, long mostBytes, Consumer<Outcome> handler) {
        this.source = source;
        this.mostBytes = mostBytes;
        this.handler = handler;
    }

    /** Takes the keeper's answer to the join. */
    void begin(Outcome outcome) {
        RawJson joined = outcome instanceof Outcome.Success success ? success.value() : null;
        Page page = Page.of(joined);
        if (joined == null || page == null || page.next() == null) {
            handler.accept(outcome);
            return;
        }
        joined.forEachMember(answer::put);
        answer.remove("rows");
        answer.remove("next");
        add(page);
    }

    private void came(Outcome outcome) {
        switch (outcome) {
            case Outcome.Failure failure -> handler.accept(failure);
            case Outcome.Success success -> {
                Page page = Page.of(success.value());
                if (page == null) {
                    handler.accept(Outcome.failure(
                            ErrorCode.LIST_ERROR, "Failed to list values: the keeper lost the list; join again."));
                } else {
                    add(page);
                }
            }
        }
    }

    private void add(Page page) {
        rows.add(page.rows());
        bytes += page.rows().length();
        @Nullable String next = page.next();
        if (bytes > mostBytes) {
            if (next != null) {
                source.ask(next, true, closed -> {});
            }
            handler.accept(Outcome.failure(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "What is there now would take more than " + mostBytes + " bytes; join single items of the group."));
        } else if (next != null) {
            source.ask(next, false, this::came);
        } else if (bytes > SHORT) {
            Thread.ofVirtual().name("iii-sync").start(this::end);
        } else {
            end();
        }
    }

    private void end() {
        JsonBuilder all = JsonBuilder.object((int) bytes + 256);
        answer.forEach(all::member);
        handler.accept(new Outcome.Success(all.member("data", StreamRoom.values(rows)).build()));
    }
}
