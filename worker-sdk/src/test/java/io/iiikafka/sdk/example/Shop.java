package io.iiikafka.sdk.example;

import java.util.List;

import io.iiikafka.sdk.HttpRequest;
import io.iiikafka.sdk.HttpResponse;
import io.iiikafka.sdk.Iii;
import io.iiikafka.sdk.InvocationException;
import io.iiikafka.sdk.Trigger;
import io.iiikafka.sdk.Worker;

public class Shop {

    record Order(List<Integer> cents) {}

    record Price(int cents) {}

    public static void main(String[] args) {
        Worker worker = Iii.connect(); // III_URL, or ws://localhost:49134

        worker.function("shop::price", Order.class, Price.class, order -> {
            if (order.cents().isEmpty()) {
                throw new InvocationException("empty_order", "put something into the order");
            }
            return new Price(order.cents().stream().mapToInt(Integer::intValue).sum());
        });

        worker.function("shop::http", HttpRequest.class, HttpResponse.class, request ->
                HttpResponse.ok(worker.trigger("shop::price", request.body(), Price.class)));
        worker.bind(Trigger.http("POST", "/price").to("shop::http"));
    }
}
