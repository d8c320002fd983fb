package io.iiikafka.sdk.internal.websocket;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import static org.assertj.core.api.Assertions.assertThat;

/** Notes what a socket hears. */
final class Heard implements WebSocketListener {

    private final BlockingQueue<Object> all = new LinkedBlockingQueue<>();
    private volatile Consumer<String> answer = text -> {};

    /** What to do, on the reading thread, with each text. */
    void answerWith(Consumer<String> action) {
        answer = action;
    }

    @Override
    public void text(byte[] utf8) {
        String text = new String(utf8, StandardCharsets.UTF_8);
        all.add(text);
        answer.accept(text);
    }

    @Override
    public void binary(byte[] bytes) {
        all.add(bytes);
    }

    @Override
    public void ended(Ending ending) {
        all.add(ending);
    }

    /** The next: a String, a byte[] or an {@link Ending}. */
    Object next() throws InterruptedException {
        Object next = all.poll(10, TimeUnit.SECONDS);
        assertThat(next).as("heard").isNotNull();
        return next;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }
}
