package io.iiikafka.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.ChannelPeer;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Promise;

/** Calls of HTTP handlers that a test answers when it likes, and their ends of the channels. */
final class HeldCalls {

    private final HttpFixture http;
    private final LinkedBlockingQueue<Held> calls = new LinkedBlockingQueue<>();

    /** A call that the test answers. */
    record Held(Call call, Promise<Outcome> outcome) {

        JsonNode requestBody() {
            return Functions.data(call).get("request_body");
        }

        JsonNode response() {
            return Functions.data(call).get("response");
        }

        void answer(String json) {
            outcome.complete(new Outcome.Success(json == null ? null : RawJson.of(json)));
        }
    }

    /** Routes {@code GET /get} and {@code POST /post} to a function whose calls the test answers. */
    HeldCalls(HttpFixture http) {
        this.http = http;
        http.functions.put("f", call -> {
            Promise<Outcome> outcome = Promise.promise();
            calls.add(new Held(call, outcome));
            return outcome.future();
        });
        http.route("GET", "/get", "f");
        http.bind("post", "f", "{\"api_path\":\"/post\",\"http_method\":\"POST\"}");
    }

    Held next() {
        try {
            Held pending = calls.poll(10, TimeUnit.SECONDS);
            assertThat(pending).as("a call within 10 s").isNotNull();
            return pending;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    ChannelPeer writer(Held call) {
        return ChannelPeer.open(http.channelBase(), call.response());
    }

    ChannelPeer reader(Held call) {
        return ChannelPeer.open(http.channelBase(), call.requestBody());
    }

    CompletableFuture<HttpResponse<String>> get() {
        return http.client.sendAsync(
                HttpRequest.newBuilder(http.uri("/get")).build(), HttpResponse.BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> post(String type, HttpRequest.BodyPublisher body) {
        return http.client.sendAsync(
                HttpRequest.newBuilder(http.uri("/post")).header("content-type", type).POST(body).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
