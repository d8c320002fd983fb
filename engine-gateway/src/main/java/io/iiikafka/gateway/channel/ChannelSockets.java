package io.iiikafka.gateway.channel;

import io.iiikafka.gateway.socket.UpgradeCheck;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

/** Data sockets of channels (spec: protocol.md 8.3). */
public final class ChannelSockets implements Handler<HttpServerRequest> {

    private final ChannelRegistry registry;
    private final ChannelRelay relay;

    public ChannelSockets(ChannelRegistry registry, ChannelRelay relay) {
        this.registry = registry;
        this.relay = relay;
    }

    @Override
    public void handle(HttpServerRequest http) {
        String refusal = UpgradeCheck.refusal(http);
        ChannelRequest request = ChannelRequest.parse(http.uri()).orElse(null);
        if (refusal != null || request == null) {
            http.response()
                    .setStatusCode(400)
                    .end(refusal == null ? "A channel needs ?key=…&dir=read or &dir=write" : refusal);
            return;
        }
        if (!registry.isOwn(request.channelId())) {
            relay.handle(http, request);
            return;
        }
        Channel channel = registry.find(request.channelId());
        if (channel == null || !channel.accepts(request.key(), request.reader())) {
            refuse(http);
            return;
        }
        http.toWebSocket().onSuccess(socket -> {
            EmptyClose.allow(socket);
            if (request.reader()) {
                new ReaderSocket(channel.context(), socket).begin(channel);
            } else {
                LateFrames.allow(socket, registry.settings().closeGrace());
                new WriterSocket(channel.context(), Vertx.currentContext(), socket, registry.pausable(socket))
                        .begin(channel);
            }
        });
    }

    static void refuse(HttpServerRequest http) {
        http.response().setStatusCode(404).end("Channel not found");
    }
}
