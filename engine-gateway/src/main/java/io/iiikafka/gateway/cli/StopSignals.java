package io.iiikafka.gateway.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;

import org.slf4j.LoggerFactory;

/**
 * Ctrl-C and SIGTERM, by a JDK class that has no public equivalent: a shutdown hook could neither choose the exit
 * code nor hear a second Ctrl-C. On a JVM without that class the signals end the process as they always do.
 */
final class StopSignals {

    private static final List<String> NAMES = List.of("INT", "TERM");

    private StopSignals() {}

    /** Runs the action for each signal, on a thread of its own. */
    static void onEach(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler runsAction = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    action.run();
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> "stop signals";
            };
            Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, runsAction);
            for (String name : NAMES) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            }
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LoggerFactory.getLogger(StopSignals.class).debug("Signals are not handled: {}", e.toString());
        }
    }
}
