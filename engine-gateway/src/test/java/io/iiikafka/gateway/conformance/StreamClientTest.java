package io.iiikafka.gateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import io.iiikafka.sdk.Iii;
import io.iiikafka.sdk.Trigger;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.WorkerOptions;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.sdk.stream.StreamGroup;
import io.iiikafka.sdk.stream.Streams;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The published stream clients, unmodified: for browsers and React, in a page of Chromium, and for Node. */
class StreamClientTest {

    record Item(String id, int n) {}

    private static Path clients;
    private static EngineUnderTest engine;
    private static Worker worker;

    @BeforeAll
    static void start() throws Exception {
        Toolchain.NODE.require();
        clients = Installation.streamClients();
        engine = EngineUnderTest.start();
        WorkerOptions options = WorkerOptions.builder().name("stream-client-test").keepAlive(false).build();
        worker = Iii.connect(URI.create("ws://127.0.0.1:" + engine.workerPort()), options);
        worker.awaitConnected(Duration.ofSeconds(30));
        worker.function("joins::check", Map.class, Map.class, join ->
                Map.of("unauthorized", "secret".equals(join.get("group_id"))));
        worker.bind(Trigger.on("stream:join").to("joins::check"));
    }

    @AfterAll
    static void stop() {
        if (engine != null) {
            worker.close();
            engine.close();
        }
    }

    @Test
    void shouldServeTheClientForBrowsers() throws IOException {
        inAPage(page -> {
            follow(page, "browser");

            engine.restart(); // the client for Node does not survive a connection that is refused
            new Streams(worker).group("todos of browser", "inbox", Item.class).set("after", new Item("after", 2));
            shows(page, "group", "[{\"id\":\"before\",\"n\":1},{\"id\":\"after\",\"n\":2}]");
        });
    }

    @Test
    void shouldServeTheClientForReact() throws IOException {
        StreamGroup<Item> group = new Streams(worker).group("todos of react", "inbox", Item.class);
        group.set("before", new Item("before", 1));
        inAPage(page -> {
            page.evaluate("show_board('" + streams() + "', 'todos of react', 'inbox')");
            reads(page, "li", "before 1");

            group.set("t1", new Item("t1", 1));
            reads(page, "li", "before 1\nt1 1");
            group.set("t1", new Item("t1", 2));
            reads(page, "li", "before 1\nt1 2");
            reads(page, "p", "t1 2 heard");
            group.send("typing", "Ada");
            reads(page, "p", "t1 2 heard Ada");
            group.delete("before");
            reads(page, "li", "t1 2");
        });
    }

    private static void reads(ChromiumPage page, String selector, String text) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(
                () -> assertThat(page.text(selector).strip()).isEqualTo(text));
    }

    private static void inAPage(Consumer<ChromiumPage> test) throws IOException {
        Chromium.require();
        HttpServer files = SimpleFileServer.createFileServer(
                new InetSocketAddress("127.0.0.1", 0), clients, SimpleFileServer.OutputLevel.NONE);
        files.start();
        try (Chromium chromium = Chromium.start()) {
            ChromiumPage page =
                    chromium.open("http://127.0.0.1:" + files.getAddress().getPort() + "/page.html");
            Awaitility.await("the page is loaded").atMost(Duration.ofSeconds(60)).until(
                    () -> page.evaluate("typeof show_board === 'function'").booleanValue());
            test.accept(page);
        } finally {
            files.stop(0);
        }
    }

    @Test
    void shouldServeTheClientForNode() throws IOException {
        try (NodeScripts node = NodeScripts.start(clients, "node.mjs")) {
            follow(node, "node");
        }
    }

    private static String streams() {
        return "ws://127.0.0.1:" + engine.streamPort() + "/";
    }

    private static void follow(Scripts client, String name) {
        StreamGroup<Item> inbox = new Streams(worker).group("todos of " + name, "inbox", Item.class);
        inbox.set("before", new Item("before", 1));
        client.evaluate("void (globalThis.stream = open_stream('" + streams() + "'))");
        subscribe(client, "group", "subscribeGroup", inbox.stream(), "inbox");
        subscribe(client, "item", "subscribeItem", inbox.stream(), "inbox", "t1");
        subscribe(client, "secret", "subscribeGroup", inbox.stream(), "secret");
        shows(client, "group", "[{\"id\":\"before\",\"n\":1}]");

        inbox.set("t1", new Item("t1", 0));
        shows(client, "item", "{\"id\":\"t1\",\"n\":0}");
        shows(client, "group", "[{\"id\":\"before\",\"n\":1},{\"id\":\"t1\",\"n\":0}]");
        new Streams(worker).group(inbox.stream(), "secret", Item.class).set("s", new Item("s", 1));

        followFastChanges(client, inbox);
        followEvents(client, inbox);

        inbox.delete("t1");
        shows(client, "item", "null");
        shows(client, "group", "[{\"id\":\"before\",\"n\":1}]");
        shows(client, "secret", "[]");
    }

    /** As fast as they can be made: clients drop frames whose time is not greater than the last one's. */
    private static void followFastChanges(Scripts client, StreamGroup<Item> inbox) {
        List<CompletableFuture<RawJson>> changes = new ArrayList<>();
        IntStream.rangeClosed(1, 1000).forEach(n -> changes.add(worker.triggerAsync(
                "stream::set",
                Map.of(
                        "stream_name", inbox.stream(),
                        "group_id", inbox.group(),
                        "item_id", "t1",
                        "data", new Item("t1", n)),
                RawJson.class)));
        changes.forEach(CompletableFuture::join);

        shows(client, "item", "{\"id\":\"t1\",\"n\":1000}");
        shows(client, "group", "[{\"id\":\"before\",\"n\":1},{\"id\":\"t1\",\"n\":1000}]");
        assertThat(client.evaluate("item_changes.map(i => i && i.n).filter(n => n > 0).length").intValue())
                .as("changes that the client was told of")
                .isEqualTo(1000);
    }

    private static void followEvents(Scripts client, StreamGroup<Item> inbox) {
        client.evaluate("void (globalThis.heard = [], "
                + "item.onEvent('typing', who => heard.push('item ' + who)), "
                + "group.onEvent('typing', who => heard.push('group ' + who)))");
        inbox.send("typing", "Ada");
        inbox.sendAbout("t1", "typing", "Bob");
        inbox.sendAbout("before", "typing", "Eve");
        Awaitility.await().untilAsserted(() -> assertThat(client.evaluate("heard.toSorted?.() ?? [...heard].sort()"))
                .hasToString("[\"group Ada\",\"group Bob\",\"group Eve\",\"item Bob\"]"));
    }

    private static void subscribe(Scripts client, String name, String method, String... arguments) {
        client.evaluate("void (globalThis." + name + " = stream." + method + "('" + String.join("', '", arguments)
                + "'), globalThis." + name + "_changes = [], "
                + name + ".addChangeListener(state => " + name + "_changes.push(structuredClone(state))))");
    }

    private static void shows(Scripts client, String subscription, String state) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() ->
                assertThat(client.evaluate(subscription + ".getState()")).hasToString(state));
    }
}
