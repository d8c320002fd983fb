package io.iiikafka.sdk;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.Frame;
import io.iiikafka.sdk.protocol.RawJson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Whatever a user's code throws, whoever waits for it is answered. */
@Timeout(30)
class HandlerFailureTest {

    record Failure(Throwable thrown, String code, String message) {}

    private FakeEngine engine;
    private Worker worker;

    @BeforeEach
    void connect() throws Exception {
        engine = new FakeEngine();
        worker = Iii.connect(
                engine.address(), WorkerOptions.builder().name("fails").keepAlive(false).build());
        worker.awaitConnected(Duration.ofSeconds(5));
    }

    @AfterEach
    void close() throws Exception {
        worker.close();
        engine.close();
    }

    static List<Failure> failures() {
        return List.of(
                new Failure(new IOException("disk"), "invocation_failed", "disk"),
                new Failure(new IllegalStateException(), "invocation_failed", "java.lang.IllegalStateException"),
                new Failure(new InvocationException("mine", "own"), "mine", "own"),
                new Failure(new NoClassDefFoundError("a/B"), "invocation_failed", "a/B"),
                new Failure(new StackOverflowError(), "invocation_failed", "java.lang.StackOverflowError"),
                new Failure(new AssertionError("no"), "invocation_failed", "no"),
                new Failure(new Unspeakable(), "invocation_failed", Unspeakable.class.getName()));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void shouldAnswerTheCallerWhateverAHandlerThrows(Failure failure) {
        worker.function("fails", json -> {
            throw sneaky(failure.thrown());
        });

        InvocationException e =
                catchThrowableOfType(InvocationException.class, () -> worker.trigger("fails", null));

        assertThat(e.code()).isEqualTo(failure.code());
        assertThat(e).hasMessage(failure.message());
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable thrown) throws E {
        throw (E) thrown;
    }

    /** An exception that fails itself when it is asked about. */
    private static final class Unspeakable extends RuntimeException {

        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("unspeakable");
        }
    }

    @Test
    void shouldLogWhatIsWrongWithTheProgramButNotWhatAHandlerRefuses() throws Exception {
        BlockingQueue<LogRecord> records = new LinkedBlockingQueue<>();
        Logger logger = Logger.getLogger("io.iiikafka.sdk");
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                records.add(record);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        try {
            worker.function("refuses", json -> {
                throw new IllegalArgumentException("no");
            });
            worker.function("broken", json -> {
                throw new NoClassDefFoundError("some/Library");
            });

            worker.triggerVoid("refuses", null);
            assertThatThrownBy(() -> worker.trigger("refuses", null)).isInstanceOf(InvocationException.class);
            worker.triggerVoid("broken", null);

            LogRecord record = records.poll(5, TimeUnit.SECONDS);
            assertThat(record).isNotNull();
            assertThat(record.getMessage()).contains("broken");
            assertThat(record.getThrown()).isInstanceOf(NoClassDefFoundError.class);
        } finally {
            logger.removeHandler(handler);
        }
    }

    @Test
    void shouldAnswerWhenAHandlerThatWasInterruptedFails() {
        worker.function("interrupted", json -> {
            Thread.currentThread().interrupt();
            return json;
        });

        assertThat(worker.trigger("interrupted", 1)).hasToString("1");
        assertThat(worker.trigger("interrupted", 2)).hasToString("2");
        assertThat(engine.connections).hasSize(1);
    }

    @Test
    void shouldAnswerTheEngineWhateverATriggerTypeThrows() {
        worker.triggerType("broken", "never works", new TriggerTypeHandler() {
            @Override
            public void register(TriggerBinding binding) {
                if (binding.id().equals("t2")) {
                    return;
                }
                throw new NoClassDefFoundError("some/Library");
            }

            @Override
            public void unregister(TriggerBinding binding) {
                throw new NoClassDefFoundError("some/Library");
            }
        });
        engine.last().await(Frame.RegisterTriggerType.class, type -> type.id().equals("broken"));

        engine.last().send(binding("t1"));
        engine.last().send(binding("t2"));
        engine.last().send(new Frame.UnregisterTrigger("t2", "broken", null, null, null, null));
        engine.last().send(binding("t3"));

        ErrorBody failed = new ErrorBody("trigger_registration_failed", "some/Library");
        assertThat(answer("t1").error()).isEqualTo(failed);
        assertThat(answer("t2").error()).isNull();
        assertThat(answer("t3").error()).isEqualTo(failed);
    }

    private static Frame.RegisterTrigger binding(String id) {
        return new Frame.RegisterTrigger(id, "broken", "target", RawJson.EMPTY_OBJECT, null, null, null);
    }

    private Frame.TriggerRegistrationResult answer(String id) {
        return engine.last().await(Frame.TriggerRegistrationResult.class, r -> r.id().equals(id));
    }

    @Test
    void shouldStopWhenItIsNotWantedEvenIfItsListenerFails() throws Exception {
        WorkerListener broken = new WorkerListener() {
            @Override
            public void rejected(Rejection rejection) {
                throw new IllegalStateException("listener");
            }
        };
        try (Worker unwanted = Iii.connect(
                engine.address(),
                WorkerOptions.builder().name("unwanted").keepAlive(false).listener(broken).build())) {
            unwanted.awaitConnected(Duration.ofSeconds(5));

            engine.last().send(
                    new Frame.RegistrationRejected("WORKER_NAMESPACE_CONFLICT", "default", null, "unwanted", "w-2"));

            unwanted.awaitClose();
            assertThat(unwanted.isConnected()).isFalse();
        }
    }
}
