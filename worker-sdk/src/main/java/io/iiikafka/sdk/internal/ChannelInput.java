package io.iiikafka.sdk.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.function.Consumer;

import io.iiikafka.sdk.ChannelReader;
import io.iiikafka.sdk.ChannelReader.Piece;

/** The bytes of a channel as a stream. */
final class ChannelInput extends InputStream {

    private static final byte[] NONE = {};

    private final ChannelReader reader;
    private final Consumer<String> messages;
    private byte[] current = NONE;
    private int position;

    ChannelInput(ChannelReader reader, Consumer<String> messages) {
        this.reader = reader;
        this.messages = messages;
    }

    @Override
    public int read() throws IOException {
        return fill() ? current[position++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, current.length - position);
        System.arraycopy(current, position, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public int available() {
        return current.length - position;
    }

    private boolean fill() throws IOException {
        while (position == current.length) {
            switch (reader.receive()) {
                case null -> {
                    return false;
                }
                case Piece.Message message -> messages.accept(message.text());
                case Piece.Bytes bytes -> {
                    current = bytes.bytes();
                    position = 0;
                }
            }
        }
        return true;
    }

    @Override
    public void close() {
        reader.close();
    }
}
