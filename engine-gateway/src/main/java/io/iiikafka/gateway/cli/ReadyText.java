package io.iiikafka.gateway.cli;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;

import io.iiikafka.gateway.Endpoints;
import io.iiikafka.gateway.Version;
import io.iiikafka.gateway.config.EngineConfig;
import io.iiikafka.gateway.config.HttpConfig;
import io.iiikafka.gateway.config.ListenerConfig;
import io.iiikafka.gateway.config.Role;

/** What is printed when the engine is ready: where it listens, and what to do first. */
final class ReadyText {

    private static final List<String> EVERY_ADDRESS = List.of("0.0.0.0", "::");

    private ReadyText() {}

    static String of(EngineConfig config, Endpoints endpoints) {
        StringBuilder text = new StringBuilder();
        text.append("iii-kafka %s is ready, %s after the start%n%n".formatted(Version.ENGINE, age()));
        for (int i = 0; i < endpoints.workers().size(); i++) {
            ListenerConfig listener = config.listeners().get(i);
            String url = "ws://" + address(listener.host(), endpoints.workers().get(i));
            line(text, "workers", url, reach(listener.host()));
        }
        endpoints.http().ifPresent(port -> {
            String host = config.http().map(HttpConfig::host).orElse("");
            line(text, "REST", "http://" + address(host, port), reach(host));
        });
        endpoints.streams().ifPresent(port -> {
            String host = config.streams().socket().host();
            line(text, "streams", "ws://" + address(host, port), reach(host));
        });
        String admin = "http://" + address(config.admin().host(), endpoints.admin());
        line(text, "admin", admin, "/health/live /health/ready /metrics");
        boolean embedded = config.process().has(Role.BROKER);
        line(
                text,
                "Kafka",
                endpoints.kafka(),
                "topics " + config.topics().prefix() + "*"
                        + (embedded ? ", data in " + config.process().dataDirectory() : ""));
        text.append("%nTry: curl %s/health/ready%n".formatted(admin));
        if (!endpoints.workers().isEmpty()) {
            firstWorker(text, config, endpoints);
        }
        return text.toString();
    }

    private static void firstWorker(StringBuilder text, EngineConfig config, Endpoints endpoints) {
        ListenerConfig listener = config.listeners().getFirst();
        text.append("""

                A first worker, with Node (npm install iii-sdk; node hello.mjs):
                  import { registerWorker } from 'iii-sdk'
                  const iii = registerWorker('ws://%s')
                  iii.registerFunction('hello', async () => ({ status_code: 200, body: { hello: 'world' } }))
                """.formatted(address(listener.host(), endpoints.workers().getFirst())));
        if (endpoints.http().isPresent()) {
            text.append("""
                      iii.registerTrigger({ type: 'http', function_id: 'hello',
                        config: { api_path: '/hello', http_method: 'GET' } })
                    and then: curl http://%s/hello
                    """.formatted(address(config.http().orElseThrow().host(), endpoints.http().getAsInt())));
        }
    }

    private static void line(StringBuilder text, String what, String where, String more) {
        text.append("  %-8s %-28s %s".formatted(what, where, more).stripTrailing()).append(System.lineSeparator());
    }

    /** An address that works on this machine. */
    private static String address(String host, int port) {
        String reachable = EVERY_ADDRESS.contains(host) ? "127.0.0.1" : host;
        return (reachable.contains(":") ? "[" + reachable + "]" : reachable) + ":" + port;
    }

    private static String reach(String host) {
        return EVERY_ADDRESS.contains(host) ? "on every address of this machine, no authentication" : "";
    }

    /** Of the JVM: the launcher may have built the engine before, in the same process. */
    private static String age() {
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        return String.format(Locale.ROOT, "%.1f s", (System.currentTimeMillis() - started) / 1000.0);
    }
}
