package io.iiikafka.sdk.internal.websocket;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads ahead, so that one system call brings many small frames. For one thread, but for {@link #filledAt}. */
final class InputBuffer {

    private static final int SIZE = 32 * 1024;

    private final InputStream in;
    private final byte[] bytes = new byte[SIZE];
    private int position;
    private int end;
    private Runnable beforeWaiting = () -> {};
    private volatile long filledAt = System.nanoTime();

    InputBuffer(InputStream in) {
        this.in = in;
    }

    /** When something came last, by {@link System#nanoTime}. For any thread. */
    long filledAt() {
        return filledAt;
    }

    /** Has this done whenever all that has come is used up, before the next is waited for. */
    void beforeWaiting(Runnable task) {
        beforeWaiting = task;
    }

    /**
     * The next byte, 0 to 255.
     *
     * @throws EOFException if there is none
     */
    int read() throws IOException {
        if (position == end) {
            end = receive(bytes, 0, SIZE);
            position = 0;
        }
        return bytes[position++] & 0xFF;
    }

    /** The next so many bytes; what is not here yet is read straight into the target. */
    void read(byte[] target, int offset, int count) throws IOException {
        int buffered = Math.min(count, end - position);
        System.arraycopy(bytes, position, target, offset, buffered);
        position += buffered;
        int done = buffered;
        while (count - done >= SIZE) {
            done += receive(target, offset + done, count - done);
        }
        if (done < count) {
            readRest(target, offset + done, count - done);
        }
    }

    /** The end of a payload comes through the buffer, together with what follows it. */
    private void readRest(byte[] target, int offset, int count) throws IOException {
        position = 0;
        end = 0;
        while (end < count) {
            end += receive(bytes, end, SIZE - end);
        }
        System.arraycopy(bytes, 0, target, offset, count);
        position = count;
    }

    private int receive(byte[] target, int offset, int most) throws IOException {
        beforeWaiting.run();
        int count = in.read(target, offset, most);
        if (count < 0) {
            throw new EOFException("cut off by the other side");
        }
        filledAt = System.nanoTime();
        return count;
    }
}
