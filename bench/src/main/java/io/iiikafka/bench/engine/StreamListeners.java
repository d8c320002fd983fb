package io.iiikafka.bench.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Many stream sockets on one thread, which only count frames: what a browser does with them is not to be measured, and a
 * thousand full clients would take the processors from the engine.
 */
final class StreamListeners implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final int count;
    private final Selector selector;
    private final SynchronousQueue<Long> complete = new SynchronousQueue<>();
    private final Thread thread;
    private long frames;

    /** One socket: what was read of it and is no frame yet. */
    private record Listener(SocketChannel channel, ByteBuffer read) {

        /** Frames that have come to their end; pings are answered and not counted. */
        int frames() throws IOException {
            if (channel.read(read) < 0) {
                throw new IOException("the engine has closed a stream socket");
            }
            read.flip();
            int found = 0;
            for (int length = frame(); length > 0; length = frame()) {
                int opcode = read.get(read.position()) & 0x0f;
                if (opcode == 9) {
                    channel.write(ByteBuffer.wrap(new byte[] {(byte) 0x8a, (byte) 0x80, 0, 0, 0, 0}));
                } else if (opcode == 1) {
                    found++;
                }
                read.position(read.position() + length);
            }
            read.compact();
            return found;
        }

        /** The length of the frame at the buffer's position, 0: it is not there as a whole. */
        private int frame() {
            int at = read.position();
            if (read.remaining() < 4) {
                return 0;
            }
            int length = read.get(at + 1) & 0x7f;
            int head = length < 126 ? 2 : 4;
            int whole = head + (length < 126 ? length : read.getShort(at + 2) & 0xffff);
            return read.remaining() >= whole ? whole : 0;
        }
    }

    private StreamListeners(int count) throws IOException {
        this.count = count;
        this.selector = Selector.open();
        this.thread = Thread.ofPlatform().daemon().name("stream-listeners").unstarted(this::read);
    }

    /** Opens them all; each has joined the group, and its sync has come. */
    static StreamListeners join(URI engine, int count, String stream, String group)
            throws IOException, InterruptedException {
        StreamListeners listeners = new StreamListeners(count);
        String join = "{\"type\":\"join\",\"data\":{\"subscriptionId\":\"1\",\"streamName\":\"%s\",\"groupId\":\"%s\"}}"
                .formatted(stream, group);
        for (int i = 0; i < count; i++) {
            listeners.open(engine, join);
        }
        listeners.thread.start();
        if (listeners.awaitFrame() == null) {
            throw new IOException("not every stream socket got its sync");
        }
        return listeners;
    }

    private void open(URI engine, String join) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(engine.getHost(), engine.getPort()));
        channel.write(ByteBuffer.wrap(("GET / HTTP/1.1\r\nHost: " + engine.getAuthority() + "\r\nUpgrade: websocket\r\n"
                        + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + "Sec-WebSocket-Version: 13\r\n\r\n")
                .getBytes(UTF_8)));
        StringBuilder answer = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (answer.indexOf("\r\n\r\n") < 0 && channel.read(one.clear()) == 1) {
            answer.append((char) one.get(0));
        }
        if (!answer.toString().startsWith("HTTP/1.1 101")) {
            throw new IOException("no stream socket: " + answer);
        }
        byte[] text = join.getBytes(UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(text.length + 8);
        frame.put((byte) 0x81);
        if (text.length < 126) {
            frame.put((byte) (0x80 | text.length));
        } else {
            frame.put((byte) (0x80 | 126)).putShort((short) text.length);
        }
        frame.putInt(0).put(text); // masked with nothing
        channel.write(frame.flip());
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, new Listener(channel, ByteBuffer.allocate(8 * 1024)));
    }

    private void read() {
        try {
            while (selector.isOpen()) {
                selector.select(this::read);
            }
        } catch (IOException | UncheckedIOException e) {
            if (selector.isOpen()) {
                System.err.println(e);
            }
        }
    }

    private void read(SelectionKey key) {
        try {
            for (int i = ((Listener) key.attachment()).frames(); i > 0; i--) {
                if (++frames % count == 0) {
                    complete.offer(System.nanoTime(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** When the last of them got the next frame, {@link System#nanoTime}; null: that did not happen. */
    @Nullable Long awaitFrame() throws InterruptedException {
        return complete.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
