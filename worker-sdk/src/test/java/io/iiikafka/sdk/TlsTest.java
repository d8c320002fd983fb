package io.iiikafka.sdk;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import io.vertx.core.net.PfxOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.iiikafka.sdk.protocol.RawJson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Timeout(60)
class TlsTest {

    private static final String PASSWORD = "changeit";

    @TempDir
    private Path directory;

    private Path keys;
    private FakeEngine engine;

    @BeforeEach
    void start() throws Exception {
        keys = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair", "-alias", "engine", "-keyalg", "EC", "-dname", "CN=localhost",
                        "-ext", "san=dns:localhost", "-storetype", "PKCS12",
                        "-keystore", keys.toString(), "-storepass", PASSWORD)
                .inheritIO()
                .start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        engine = new FakeEngine(new PfxOptions().setPath(keys.toString()).setPassword(PASSWORD));
    }

    @AfterEach
    void close() throws Exception {
        engine.close();
    }

    private SSLContext trusting() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("engine", store.getCertificate("engine"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Test
    void shouldWorkOverTls() throws Exception {
        WorkerOptions options = WorkerOptions.builder().keepAlive(false).sslContext(trusting()).build();
        try (Worker worker = Iii.connect(engine.address(), options)) {
            worker.function("echo", json -> json);
            RawJson large = RawJson.ofValue("é".repeat(1_000_000));

            assertThat(worker.trigger("echo", large)).isEqualTo(large);
            assertThat(IntStream.range(0, 500)
                            .mapToObj(i -> worker.triggerAsync("echo", i, Integer.class))
                            .toList())
                    .allSatisfy(call -> assertThat(call).succeedsWithin(Duration.ofSeconds(10)));
        }
        assertThat(engine.last().faults).isEmpty();
    }

    @Test
    void shouldNotTalkToAnEngineThatItDoesNotTrust() {
        WorkerOptions options = WorkerOptions.builder().keepAlive(false).build();
        try (Worker worker = Iii.connect(engine.address(), options)) {
            assertThatExceptionOfType(TimeoutException.class)
                    .isThrownBy(() -> worker.awaitConnected(Duration.ofSeconds(2)));
        }
        assertThat(engine.connections).isEmpty();
    }
}
