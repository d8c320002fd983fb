package io.iiikafka.gateway.channel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

import io.iiikafka.sdk.protocol.RawJson;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * One channel on the gateway that made it: a writer's end, a reader's end, and the frames between them.
 *
 * <ol>
 *   <li>All that happens to a channel happens on one Vert.x context, that of its maker; {@link WriterEnd} and
 *       {@link ReaderEnd} may be used only there. {@link #id}, the refs and {@link #dispose} may be used anywhere.
 *   <li>Each end is opened once, by a data socket or in this process.
 *   <li>What is held for the reader is bounded in bytes (64 KiB per frame of its buffer size): a writer of small
 * frames is
 *       read on for long, and its pings answered.
 * </ol>
 */
public final class Channel {

    private static final int USUAL_FRAME_BYTES = 64 * 1024;

    private final ChannelRegistry registry;
    private final Context context;
    private final String id;
    private final @Nullable String creator;
    private final int capacity;
    private final long createdMs = System.currentTimeMillis();

    private volatile @Nullable String readerKey;
    private volatile @Nullable String writerKey;
    private volatile boolean writerOpened;
    private volatile boolean readerOpened;
    private volatile boolean held;

    private @Nullable Deque<ChannelFrame> queue;
    private int queuedBytes;
    private @Nullable ChannelEnd end;
    private boolean endTold;
    private boolean readerGone;
    private boolean paused;
    private boolean draining;
    private @Nullable Consumer<ChannelFrame> onFrame;
    private @Nullable Consumer<ChannelEnd> onEnd;
    private @Nullable Runnable onDrain;
    private @Nullable Runnable onReaderGone;

    Channel(ChannelRegistry registry, Context context, String id, int frames, int bytes, @Nullable String creator) {
        this.registry = registry;
        this.context = context;
        this.id = id;
        this.creator = creator;
        this.capacity = (int) Math.min(bytes, (long) frames * USUAL_FRAME_BYTES);
    }

    public String id() {
        return id;
    }

    /** {@code {"channel_id":"…","access_key":"…","direction":"read"}}. */
    public RawJson readerRef() {
        readerKey = AccessKeys.next();
        return ref(readerKey, "read");
    }

    /** {@code {"channel_id":"…","access_key":"…","direction":"write"}}. */
    public RawJson writerRef() {
        writerKey = AccessKeys.next();
        return ref(writerKey, "write");
    }

    private RawJson ref(String key, String direction) {
        return RawJson.of(
                "{\"channel_id\":\"" + id + "\",\"access_key\":\"" + key + "\",\"direction\":\"" + direction + "\"}");
    }

    /** Whether the key opens that end. */
    boolean accepts(String key, boolean reader) {
        return key.equals(reader ? readerKey : writerKey);
    }

    Context context() {
        return context;
    }

    @Nullable String creator() {
        return creator;
    }

    boolean isUnopened() {
        return !held && !(writerOpened && readerOpened);
    }

    boolean isOlderThan(long ageMs) {
        return System.currentTimeMillis() - createdMs > ageMs;
    }

    /** Opens the writer's end in this process; the channel then lives until it is {@link #dispose disposed of}. */
    public WriterEnd openWriter() {
        held = true;
        WriterEnd writer = takeWriter();
        if (writer == null) {
            throw new IllegalStateException("the writer's end is open already");
        }
        return writer;
    }

    /** Opens the reader's end in this process; the channel then lives until it is {@link #dispose disposed of}. */
    public ReaderEnd openReader() {
        held = true;
        ReaderEnd reader = takeReader();
        if (reader == null) {
            throw new IllegalStateException("the reader's end is open already");
        }
        return reader;
    }

    @Nullable WriterEnd takeWriter() {
        if (writerOpened) {
            return null;
        }
        writerOpened = true;
        return new WriterEnd(this);
    }

    @Nullable ReaderEnd takeReader() {
        if (readerOpened) {
            return null;
        }
        readerOpened = true;
        return new ReaderEnd(this);
    }

    /**
     * Makes the channel unknown: an end that was never opened cannot be any more, and the other is told so; ends that
     * are both open go on.
     */
    public void dispose() {
        registry.forget(this);
        run(() -> {
            if (!readerOpened) {
                readerGone();
            }
            if (!writerOpened) {
                end(ChannelEnd.COMPLETE);
            }
        });
    }

    /** Ends the channel in the middle, because its gateway stops: neither end may take it for complete. */
    void abandon() {
        registry.forget(this);
        run(() -> {
            boolean untold = !endTold;
            readerGone();
            if (untold && onEnd != null) {
                endTold = true;
                onEnd.accept(ChannelEnd.ABORTED);
            }
        });
    }

    private void run(Runnable action) {
        if (Vertx.currentContext() == context) {
            action.run();
        } else {
            context.runOnContext(nothing -> action.run());
        }
    }

    boolean full() {
        return queuedBytes >= capacity;
    }

    void write(ChannelFrame frame) {
        if (readerGone || end != null) {
            return;
        }
        if (onFrame != null && !paused && !draining && queuedBytes == 0) {
            onFrame.accept(frame);
            return;
        }
        if (queue == null) {
            queue = new ArrayDeque<>();
        }
        queue.add(frame);
        queuedBytes += frame.weight();
        deliver();
    }

    void end(ChannelEnd how) {
        if (end == null) {
            end = how;
            deliver();
        }
    }

    private void deliver() {
        if (draining || onFrame == null) {
            return;
        }
        draining = true; // a reader that resumes from within a frame must not overtake it
        boolean wasFull = full();
        while (!paused && !readerGone && queue != null && !queue.isEmpty()) {
            ChannelFrame frame = queue.poll();
            queuedBytes -= frame.weight();
            onFrame.accept(frame);
        }
        draining = false;
        if (wasFull && !full() && onDrain != null) {
            onDrain.run();
        }
        if (end != null && !endTold && !paused && !readerGone && queuedBytes == 0) {
            endTold = true;
            if (onEnd != null) {
                onEnd.accept(end);
            }
            bothOver();
        }
    }

    void read(Consumer<ChannelFrame> frames, Consumer<ChannelEnd> ended) {
        onFrame = frames;
        onEnd = ended;
        deliver();
    }

    void pause() {
        paused = true;
    }

    void resume() {
        if (paused) {
            paused = false;
            deliver();
        }
    }

    void onDrain(Runnable action) {
        onDrain = action;
    }

    void onReaderGone(Runnable action) {
        onReaderGone = action;
        if (readerGone) {
            action.run();
        }
    }

    void readerGone() {
        if (!readerGone && !endTold) {
            readerGone = true;
            queue = null;
            queuedBytes = 0;
            if (onReaderGone != null) {
                onReaderGone.run();
            }
            if (readerOpened) {
                bothOver();
            }
        }
    }

    private void bothOver() {
        if (!held) {
            registry.forget(this);
        }
    }
}
