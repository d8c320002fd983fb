package io.iiikafka.topology.catalog;

import org.jspecify.annotations.Nullable;

/**
 * The keys of the catalog topic: {@code function/<connection>/<function id>} and the like. The first segment says what
 * the value is; ids stand last because they may contain any character.
 */
public final class EntryKey {

    static final String GATEWAY = "gateway/";
    static final String WORKER = "worker/";
    static final String FUNCTION = "function/";
    static final String TRIGGER = "trigger/";
    static final String TRIGGER_TYPE = "trigger-type/";
    static final String TRIGGER_ANSWER = "trigger-answer/";
    static final String SERVICE = "service/";
    static final String PRIVATE_SCOPES = "private-scopes/";
    static final String QUEUE = "queue/";
    static final String SUBSCRIPTION = "subscription/";

    /** Stands where a connection id would, for triggers that outlive connections. */
    private static final String DURABLE = "durable";

    private EntryKey() {}

    public static String gateway(String id) {
        return GATEWAY + id;
    }

    public static String worker(String connection) {
        return WORKER + connection;
    }

    public static String function(String connection, String functionId) {
        return FUNCTION + connection + '/' + functionId;
    }

    public static String trigger(@Nullable String connection, String triggerId) {
        return TRIGGER + (connection == null ? DURABLE : connection) + '/' + triggerId;
    }

    /**
     * {@code trigger-type/<connection>/<namespace>/<type id>}. A namespace with slashes stands behind an empty one, which
     * nobody has, and its length: else it would be another's that ends sooner.
     */
    public static String triggerType(String connection, String namespace, String typeId) {
        String plain = namespace + '/' + typeId;
        return TRIGGER_TYPE + connection + '/' + (namespace.contains("/") ? "/" + namespace.length() + '/' + plain : plain);
    }

    public static String triggerAnswer(String triggerKey) {
        return TRIGGER_ANSWER + triggerKey;
    }

    public static String privateScopes(String prefix) {
        return PRIVATE_SCOPES + prefix;
    }

    public static String queue(String name) {
        return QUEUE + name;
    }

    public static String subscription(String topic, String namespace, String identity) {
        return SUBSCRIPTION + namespace.length() + '/' + topic.length() + '/' + namespace + '/' + topic + '/' + identity;
    }

    /** Whether an entry with this key is a subscription. */
    public static boolean isSubscription(String key) {
        return key.startsWith(SUBSCRIPTION);
    }

    /** Whether an entry with this key is a named queue. */
    public static boolean isQueue(String key) {
        return key.startsWith(QUEUE);
    }

    /** The name in the key of a named queue. */
    public static String queueOf(String key) {
        return key.substring(QUEUE.length());
    }

    /** The topic in the key of a subscription. */
    public static String topicOf(String key) {
        int first = key.indexOf('/', SUBSCRIPTION.length());
        int second = key.indexOf('/', first + 1);
        int namespace = Integer.parseInt(key.substring(SUBSCRIPTION.length(), first));
        int topic = Integer.parseInt(key.substring(first + 1, second));
        int begin = second + 1 + namespace + 1;
        return key.substring(begin, begin + topic);
    }

    /** Who is subscribed, in the key of a subscription: {@code <namespace>/<identity>}. */
    public static String subscriberOf(String key) {
        int first = key.indexOf('/', SUBSCRIPTION.length());
        int second = key.indexOf('/', first + 1);
        int topic = Integer.parseInt(key.substring(first + 1, second));
        int namespace = second + 1 + Integer.parseInt(key.substring(SUBSCRIPTION.length(), first));
        return key.substring(second + 1, namespace) + key.substring(namespace + 1 + topic);
    }

    public static String service(String connection, String serviceId) {
        return SERVICE + connection + '/' + serviceId;
    }
}
