package io.iiikafka.gateway.sdk;

import java.util.function.Consumer;

import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.change.Update;
import io.iiikafka.sdk.state.Scope;
import io.iiikafka.sdk.state.State;
import io.iiikafka.sdk.stream.StreamGroup;
import io.iiikafka.sdk.stream.Streams;

/** What the SDK's README shows of state and streams. */
final class StateExample {

    record Order(String status, int tries) {}

    record Line(String id, String text) {}

    private StateExample() {}

    static void run(Worker worker, Consumer<String> mail) {
        State state = new State(worker);
        Scope<Order> orders = state.scope("orders", Order.class);

        orders.onChange("orders::shipped",
                trigger -> trigger.with("condition", "status == \"shipped\""),
                change -> mail.accept(change.key() + " is on its way"));

        orders.set("o-1", new Order("pending", 0));
        orders.update("o-1", new Update().set("status", "shipped").increment("tries", 1));
        Order order = orders.get("o-1");                       // null when there is none

        StreamGroup<Line> log = new Streams(worker).group("log", "o-1", Line.class);
        log.set("l-1", new Line("l-1", order.status()));       // to everyone who listens, live
        log.send("typing", "Ada");                             // the same, not stored
        // end
    }
}
