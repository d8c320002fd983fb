import java.net.URI;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

import io.iiikafka.sdk.FunctionOptions;
import io.iiikafka.sdk.Iii;
import io.iiikafka.sdk.InvocationException;
import io.iiikafka.sdk.Trigger;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.WorkerOptions;

/** Keeps orders as files, by calling the file tools: {@code orders::place} and {@code orders::get}, also over HTTP. */
public class Orders {

    record NewOrder(String item, int quantity) {}

    record Order(String id, String item, int quantity) {}

    record OrderId(String id) {}

    record Post(NewOrder body) {}

    record Get(Map<String, String> path_params) {}

    record Response(int status_code, Object body) {}

    record FileWrite(String path, String content) {}

    record FileRead(String path) {}

    record File(String content) {}

    private final Worker worker;

    private Orders(Worker worker) {
        this.worker = worker;
    }

    Order place(NewOrder wanted) {
        if (wanted == null || wanted.item() == null || wanted.item().isBlank() || wanted.quantity() < 1) {
            throw new InvocationException("invalid_order", "an order needs an item and a quantity of at least 1");
        }
        Order order = new Order(UUID.randomUUID().toString(), wanted.item(), wanted.quantity());
        String line = order.quantity() + " " + order.item();
        worker.trigger("tool::file_write", new FileWrite(fileOf(order.id()), line)); // served by a TypeScript worker
        return order;
    }

    Order get(String id) {
        try {
            String path = fileOf(UUID.fromString(id).toString());
            String[] line = worker.trigger("tool::file_read", new FileRead(path), File.class).content().split(" ", 2);
            return new Order(id, line[1], Integer.parseInt(line[0]));
        } catch (IllegalArgumentException e) {
            throw noSuchOrder(id);
        } catch (InvocationException e) {
            throw e.code().equals("invocation_failed") ? noSuchOrder(id) : e; // any other is no fault of the caller's
        }
    }

    private static InvocationException noSuchOrder(String id) {
        return new InvocationException("no_such_order", "there is no order " + id);
    }

    private static String fileOf(String id) {
        return "orders/" + id + ".txt";
    }

    private static Response respond(int status, Supplier<Order> answer) {
        try {
            return new Response(status, answer.get());
        } catch (InvocationException e) {
            int code = switch (e.code()) {
                case "invalid_order" -> 400;
                case "no_such_order" -> 404;
                default -> 502;
            };
            return new Response(code, Map.of("error", Map.of("code", e.code(), "message", e.getMessage())));
        }
    }

    private void serve() {
        worker.function("orders::place", described("Places an order: {item, quantity}"), NewOrder.class, Order.class,
                (wanted, call) -> place(wanted));
        worker.function("orders::get", described("Reads an order: {id}"), OrderId.class, Order.class,
                (wanted, call) -> get(wanted.id()));
        worker.function("orders::http_place", hidden(), Post.class, Response.class,
                (request, call) -> respond(201, () -> place(request.body())));
        worker.function("orders::http_get", hidden(), Get.class, Response.class,
                (request, call) -> respond(200, () -> get(request.path_params().get("id"))));
        worker.bind(Trigger.http("POST", "/orders").to("orders::http_place"));
        worker.bind(Trigger.http("GET", "/orders/:id").to("orders::http_get"));
    }

    private static FunctionOptions described(String description) {
        return FunctionOptions.describedAs(description);
    }

    /** What only serves a route is no tool for agents, so default listings leave it out. */
    private static FunctionOptions hidden() {
        return FunctionOptions.NONE.withMetadata(Map.of("internal", true));
    }

    public static void main(String[] args) throws InterruptedException {
        String address = System.getenv().getOrDefault("III_URL", "ws://localhost:49134");
        Worker worker = Iii.connect(URI.create(address), WorkerOptions.named("orders"));
        new Orders(worker).serve();
        System.out.println("orders are served");
        worker.awaitClose();
    }
}
