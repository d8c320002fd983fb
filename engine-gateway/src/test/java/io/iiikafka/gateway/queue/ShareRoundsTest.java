package io.iiikafka.gateway.queue;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.vertx.core.Vertx;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ShareRoundsTest {

    @AutoClose("close")
    private final Vertx vertx = Vertx.vertx();

    private final AtomicBoolean any = new AtomicBoolean(true);
    private final AtomicInteger looks = new AtomicInteger();
    private final ShareRounds.Work work = new ShareRounds.Work() {
        @Override
        public void endLate() {
            looks.incrementAndGet();
        }

        @Override
        public void lendAgain() {}

        @Override
        public void count() {}
    };

    @Test
    void shouldGoOnWhileThereAreQueuesAndBeginAgainWhenThereAreSome() {
        ShareRounds rounds = new ShareRounds(vertx, work, any::get);
        assertThat(rounds.isRunning()).isFalse();
        rounds.begin();
        rounds.begin();
        Awaitility.await().until(() -> looks.get() >= 2);
        assertThat(rounds.isRunning()).isTrue();

        any.set(false);
        Awaitility.await().until(() -> !rounds.isRunning());
        any.set(true);
        rounds.begin();
        int before = looks.get();
        Awaitility.await().until(() -> looks.get() > before);
    }
}
