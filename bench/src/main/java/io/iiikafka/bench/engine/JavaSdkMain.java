package io.iiikafka.bench.engine;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

import io.iiikafka.bench.load.AsyncCall;
import io.iiikafka.bench.load.ClosedLoop;
import io.iiikafka.bench.load.Payload;
import io.iiikafka.bench.process.LoadServer;
import io.iiikafka.sdk.HttpRequest;
import io.iiikafka.sdk.HttpResponse;
import io.iiikafka.sdk.Iii;
import io.iiikafka.sdk.Trigger;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.WorkerOptions;
import io.iiikafka.sdk.protocol.RawJson;

/** Two connections of the Java SDK in one JVM: one serves, the other calls. Argument: the engine's address. */
public final class JavaSdkMain {

    private static final String ECHO = "bench::java_echo";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private JavaSdkMain() {}

    public static void main(String[] arguments) throws Exception {
        URI engine = URI.create(arguments[0]);
        Worker callee = Iii.connect(engine, WorkerOptions.builder().name("bench-java-callee").build());
        Worker caller = Iii.connect(engine, WorkerOptions.builder().name("bench-java-caller").build());
        callee.function(ECHO, input -> input);
        callee.function("bench::java_http", HttpRequest.class, HttpResponse.class, request ->
                HttpResponse.ok(Map.of("hello", "world")));
        callee.bind(Trigger.http("GET", "/bench/java").to("bench::java_http"));
        callee.awaitConnected(PATIENCE);
        caller.awaitConnected(PATIENCE);
        RawJson payload = RawJson.of(Payload.bytes());
        AsyncCall call = new SdkCall(caller, ECHO, () -> payload);
        RegisterToCallable register = new RegisterToCallable(callee, caller);
        StateLoad state = new StateLoad(caller, callee);
        ManyItems many = new ManyItems(caller, callee);
        WideScope wide = new WideScope(caller, callee);
        state.watch();
        LoadServer.serve(Map.ofEntries(
                Map.entry("call", load -> ClosedLoop.run(call, load)),
                Map.entry("register", register::run),
                Map.entry("state-set", state::set),
                Map.entry("state-get", state::get),
                Map.entry("state-update", state::update),
                Map.entry("state-mixed", state::mixed),
                Map.entry("state-trigger", state::trigger),
                Map.entry("many-fill", many::fill),
                Map.entry("many-get", many::get),
                Map.entry("many-beside", many::getBesideLists),
                Map.entry("many-list", many::list),
                Map.entry("wide-fill", wide::fill),
                Map.entry("wide-set", wide::set),
                Map.entry("wide-get", wide::get),
                Map.entry("wide-delete", wide::delete),
                Map.entry("wide-page", wide::page),
                Map.entry("wide-keys", wide::keys),
                Map.entry("wide-other", wide::other),
                Map.entry("wide-other-beside", wide::otherBeside)));
        System.exit(0);
    }
}
