package io.iiikafka.gateway.admin;

import java.util.Map;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/**
 * The admin port.
 *
 * <pre>
 * GET /health/live    200 {"status":"up"} as soon as the process runs
 * GET /health/ready   200 {"status":"ready"}, or 503 {"status":"not_ready","reasons":{"router":"…"}}
 * GET /metrics        Prometheus text
 * </pre>
 */
public final class AdminServer {

    private static final String JSON = "application/json";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Vertx vertx;
    private final Readiness readiness;
    private final PrometheusMeterRegistry meters;
    private final HttpServer server;

    private AdminServer(Vertx vertx, Readiness readiness, PrometheusMeterRegistry meters) {
        this.vertx = vertx;
        this.readiness = readiness;
        this.meters = meters;
        this.server = vertx.createHttpServer().requestHandler(this::handle);
    }

    /** Binds the port. */
    public static Future<AdminServer> start(
            Vertx vertx, String host, int port, Readiness readiness, PrometheusMeterRegistry meters) {
        AdminServer admin = new AdminServer(vertx, readiness, meters);
        return admin.server.listen(port, host).map(admin);
    }

    public int port() {
        return server.actualPort();
    }

    private void handle(HttpServerRequest request) {
        if (request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
            request.response().setStatusCode(405).putHeader("allow", "GET, HEAD").end();
            return;
        }
        switch (request.path()) {
            case "/health/live" -> answer(request.response(), 200, JSON, "{\"status\":\"up\"}\n");
            case "/health/ready" -> ready(request.response());
            case "/metrics" -> metrics(request.response());
            case null, default -> answer(
                    request.response(), 404, "text/plain", "Here are /health/live, /health/ready and /metrics.\n");
        }
    }

    private void ready(HttpServerResponse response) {
        Map<String, String> reasons = readiness.reasons();
        if (reasons.isEmpty()) {
            answer(response, 200, JSON, "{\"status\":\"ready\"}\n");
        } else {
            JsonObject body = new JsonObject().put("status", "not_ready").put("reasons", reasons);
            answer(response, 503, JSON, body.encode() + "\n");
        }
    }

    /** Off the event loop: some gauges take their time. */
    private void metrics(HttpServerResponse response) {
        vertx.executeBlocking(meters::scrape, false)
                .onSuccess(text -> answer(response, 200, PROMETHEUS, text))
                .onFailure(failure -> answer(response, 500, "text/plain", failure + "\n"));
    }

    private static void answer(HttpServerResponse response, int status, String contentType, String body) {
        response.setStatusCode(status).putHeader("content-type", contentType).end(body);
    }

    public Future<Void> close() {
        return server.close();
    }
}
