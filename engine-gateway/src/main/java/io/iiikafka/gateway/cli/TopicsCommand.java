package io.iiikafka.gateway.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

import io.iiikafka.gateway.StartupException;
import io.iiikafka.gateway.TopicPreparation;
import io.iiikafka.gateway.broker.ClusterCheck;
import io.iiikafka.gateway.config.EngineConfig;
import io.iiikafka.gateway.config.Provisioning;
import io.iiikafka.topology.queue.ShareGroup;
import io.iiikafka.topology.topics.PlanFormat;
import io.iiikafka.topology.topics.TopicPlan;
import io.iiikafka.topology.topics.TopicSettings;
import org.apache.kafka.clients.CommonClientConfigs;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code iii topics}: what an administrator must create, or creates here. */
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        description = "Prints the topics and permissions that the engine needs, or creates the topics.")
final class TopicsCommand implements Callable<Integer> {

    private final Iii iii;

    @ArgGroup(multiplicity = "1")
    private Action action = new Action();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "of the plan: text (default), kafka-topics, strimzi, json")
    private String format = "text";

    /** One of the two. */
    static final class Action {
        @Option(names = "--plan", description = "print every topic with partitions, configs and permissions")
        @SuppressWarnings("UnusedVariable") // one of the two must be named
        private boolean plan;

        @Option(names = "--create", description = "create the topics that lack, on the cluster named by --kafka")
        private boolean create;
    }

    TopicsCommand(Iii iii) {
        this.iii = iii;
    }

    @Override
    public Integer call() {
        EngineConfig config = iii.load().config();
        TopicSettings settings = config.topics().toSettings(config.limits());
        if (action.create) {
            create(config);
        } else {
            boolean embedded = config.kafka().bootstrapServers().isEmpty();
            TopicSettings decided = embedded ? settings.forBrokers(1) : settings.forUsualCluster();
            System.out.print(planFormat().render(TopicPlan.of(decided, sharedQueues(config))));
        }
        return 0;
    }

    /** Those of the configured queues that are topics. */
    private static Map<String, ShareGroup> sharedQueues(EngineConfig config) {
        Map<String, ShareGroup> shared = new TreeMap<>();
        config.queues().queues().forEach((name, settings) -> {
            if (settings.share() != null) {
                shared.put(name, settings.share());
            }
        });
        return shared;
    }

    private PlanFormat planFormat() {
        return switch (format) {
            case "text" -> PlanFormat.TEXT;
            case "kafka-topics" -> PlanFormat.KAFKA_TOPICS;
            case "strimzi" -> PlanFormat.STRIMZI;
            case "json" -> PlanFormat.JSON;
            default -> throw new StartupException(
                    "unknown format '" + format + "'; there are text, kafka-topics, strimzi and json");
        };
    }

    private static void create(EngineConfig config) {
        String servers = config.kafka()
                .bootstrapServers()
                .orElseThrow(() -> new StartupException("name the cluster by --kafka HOST:PORT; with Kafka in its own"
                        + " process the engine creates its topics when it starts"));
        ClusterCheck.requireListening(servers);
        Map<String, Object> properties = new HashMap<>(config.kafka().clientProperties());
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
        TopicPlan plan = TopicPreparation.prepare(config, properties, Provisioning.AUTO);
        plan.topics().forEach(topic -> System.out.println(topic.name() + " is there"));
    }
}
