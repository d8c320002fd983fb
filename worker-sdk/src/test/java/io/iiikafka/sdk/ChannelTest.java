package io.iiikafka.sdk;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.iiikafka.sdk.ChannelReader.Piece;
import io.iiikafka.sdk.protocol.RawJson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@Timeout(30)
class ChannelTest {

    private FakeEngine engine;
    private Worker worker;

    @BeforeEach
    void connect() throws Exception {
        engine = new FakeEngine();
        worker = Iii.connect(engine.address(), WorkerOptions.builder().keepAlive(false).build());
    }

    @AfterEach
    void close() throws Exception {
        worker.close();
        engine.close();
    }

    @Test
    void shouldCarryMessagesAndBytesInOrder() throws Exception {
        Channel channel = worker.createChannel();
        assertThat(channel.writer().direction()).isEqualTo("write");
        assertThat(channel.toString()).doesNotContain(channel.writer().accessKey());

        try (ChannelReader reader = worker.openReader(channel.reader())) {
            try (ChannelWriter writer = worker.openWriter(channel.writer())) {
                writer.send("{\"n\":1}");
                writer.write(new byte[] {9, 1, 2, 9}, 1, 2);
                writer.send("é".repeat(100_000));
            }

            assertThat(reader.receive()).isEqualTo(new Piece.Message("{\"n\":1}"));
            assertThat(reader.receive()).isInstanceOfSatisfying(
                    Piece.Bytes.class, piece -> assertThat(piece.bytes()).containsExactly(1, 2));
            assertThat(reader.receive()).isEqualTo(new Piece.Message("é".repeat(100_000)));
            assertThat(reader.receive()).isNull();
            assertThat(reader.receive()).isNull();
        }
    }

    @Test
    void shouldStreamMegabytesToAnotherFunction() throws Exception {
        byte[] content = new byte[5_000_003];
        new Random(1).nextBytes(content);
        CompletableFuture<byte[]> received = new CompletableFuture<>();
        List<String> messages = new ArrayList<>();
        worker.function("upload", ChannelRef.class, Void.class, ref -> {
            try (InputStream in = worker.openReader(ref).bytes(messages::add)) {
                received.complete(in.readAllBytes());
            }
            return null;
        });
        Channel channel = worker.createChannel();
        worker.triggerVoid("upload", channel.reader());

        try (ChannelWriter writer = worker.openWriter(channel.writer())) {
            writer.send("start");
            writer.bytes().write(content);
            writer.send("end");
        }

        assertThat(received).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(content);
        assertThat(messages).containsExactly("start", "end");
    }

    @Test
    void shouldSlowTheWriterDownWhenNobodyReads() throws Exception {
        Channel channel = worker.createChannel();
        AtomicLong written = new AtomicLong();
        ChannelReader reader = worker.openReader(channel.reader());
        ChannelWriter writer = worker.openWriter(channel.writer());
        byte[] block = new byte[64 * 1024];
        Thread pump = Thread.startVirtualThread(() -> {
            try (writer) {
                for (int i = 0; i < 1_024; i++) {
                    writer.write(block, 0, block.length);
                    written.addAndGet(block.length);
                }
            } catch (IOException e) {
                written.set(-1);
            }
        });

        await().atMost(Duration.ofSeconds(10)).until(() -> {
            long before = written.get();
            pump.join(Duration.ofMillis(300));
            return before > 0 && before == written.get();
        });
        assertThat(written.get()).isLessThan(48L * 1024 * 1024);

        long total = 0;
        try (InputStream in = reader.bytes()) {
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                total += count;
            }
        }
        assertThat(total).isEqualTo(1_024L * block.length);
    }

    @Test
    void shouldSayWhenTheChannelIsNotThere() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> worker.openReader(new ChannelRef("no-such", "key", "read")))
                .withMessageContaining("HTTP status 404");
    }

    @Test
    void shouldFindARefInAPayload() {
        RawJson payload = RawJson.of("{\"channel_id\":\"c\",\"access_key\":\"k\",\"direction\":\"read\"}");

        assertThat(payload.as(ChannelRef.class)).isEqualTo(new ChannelRef("c", "k", "read"));
        assertThat(RawJson.ofValue(new ChannelRef("c", "k", "read"))).isEqualTo(payload);
    }
}
