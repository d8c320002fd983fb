package io.iiikafka.gateway.queue;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Which subscription of a name this gateway means: the one that it has read of or made last, until it ends it itself. The
 * catalog tells of both a moment later, and of what other gateways did.
 */
final class SubscriptionEpochs {

    private final Map<String, String> current = new ConcurrentHashMap<>();

    /** Those that were ended here, until the catalog tells of it. */
    private final Map<String, String> ended = new ConcurrentHashMap<>();

    /** The epoch of the subscription that is there; of a new one when there is none. */
    String of(String subscription) {
        return current.computeIfAbsent(subscription, absent -> UUID.randomUUID().toString());
    }

    /** The next one of that name is another one. */
    void ended(String subscription) {
        String epoch = current.remove(subscription);
        if (epoch != null) {
            ended.put(subscription, epoch);
        }
    }

    /** The catalog says so; null: it was made by a gateway that knows of no epochs. */
    void changed(String subscription, @Nullable String epoch) {
        if (epoch != null && !epoch.equals(ended.get(subscription))) {
            current.put(subscription, epoch);
        }
    }

    /**
     * The catalog says that it is not there any more.
     *
     * @param used whether somebody has a trigger of it and will put it back
     */
    void gone(String subscription, @Nullable String epoch, boolean used) {
        if (epoch != null) {
            ended.remove(subscription, epoch);
        }
        if (epoch != null && !used) {
            current.remove(subscription, epoch);
        }
    }
}
