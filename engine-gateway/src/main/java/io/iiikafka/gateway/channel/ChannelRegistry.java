package io.iiikafka.gateway.channel;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketBase;
import org.jspecify.annotations.Nullable;

/** The channels of this gateway. Any thread. */
public final class ChannelRegistry implements AutoCloseable {

    private final Map<String, Channel> channels = new ConcurrentHashMap<>();
    private final Vertx vertx;
    private final int shortId;
    private final ChannelSettings settings;
    private final ReadReserve reserve = new ReadReserve();
    private final long sweeper;

    /** @param shortId the gateway's: the first eight hex digits of its channels' ids */
    public ChannelRegistry(Vertx vertx, int shortId, ChannelSettings settings) {
        this.vertx = vertx;
        this.shortId = shortId;
        this.settings = settings;
        this.sweeper = vertx.setPeriodic(settings.sweepEvery().toMillis(), tick -> sweep());
    }

    /**
     * A new channel, living on the current context, else on one of its own.
     *
     * @param bufferFrames how many frames of the usual size, 64 KiB, it holds for its reader
     * @param creator the connection with which it goes if it was not opened until then, or null
     */
    public Channel create(int bufferFrames, @Nullable String creator) {
        Context current = Vertx.currentContext();
        Channel channel = new Channel(
                this,
                current == null ? vertx.getOrCreateContext() : current,
                newId(),
                bufferFrames,
                settings.bufferBytes(),
                creator);
        channels.put(channel.id(), channel);
        return channel;
    }

    /** Not secret: the access keys are. */
    private String newId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long versioned = (random.nextLong() & 0xFFFF_0FFFL) | 0x4000L;
        long variant = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID((long) shortId << 32 | versioned, variant).toString();
    }

    /** The short id of the gateway that holds the channel; null when that is no channel id. */
    static @Nullable Integer ownerOf(String channelId) {
        try {
            UUID id = UUID.fromString(channelId);
            return (int) (id.getMostSignificantBits() >>> 32);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    boolean isOwn(String channelId) {
        Integer owner = ownerOf(channelId);
        return owner == null || owner == shortId;
    }

    public @Nullable Channel find(String id) {
        return channels.get(id);
    }

    ChannelSettings settings() {
        return settings;
    }

    PausableSocket pausable(WebSocketBase socket) {
        return new PausableSocket(vertx, socket, reserve, settings.pingSearch());
    }

    /** How many channels there are. */
    public int size() {
        return channels.size();
    }

    void forget(Channel channel) {
        channels.remove(channel.id());
    }

    /** Takes away what that connection created and nobody has fully opened. */
    public void creatorGone(String connectionId) {
        channels.values().stream()
                .filter(channel -> connectionId.equals(channel.creator()) && channel.isUnopened())
                .forEach(Channel::dispose);
    }

    private void sweep() {
        channels.values().stream()
                .filter(channel ->
                        channel.isUnopened() && channel.isOlderThan(settings.unopenedLife().toMillis()))
                .forEach(Channel::dispose);
    }

    @Override
    public void close() {
        vertx.cancelTimer(sweeper);
        channels.values().forEach(Channel::abandon);
    }
}
