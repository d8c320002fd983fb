package io.iiikafka.gateway;

import java.time.Duration;
import java.util.Map;

import io.iiikafka.gateway.broker.ClusterCheck;
import io.iiikafka.gateway.config.EngineConfig;
import io.iiikafka.gateway.config.Provisioning;
import io.iiikafka.gateway.config.Role;
import io.iiikafka.topology.topics.PlanFormat;
import io.iiikafka.topology.topics.TopicPlan;
import io.iiikafka.topology.topics.TopicProblem;
import io.iiikafka.topology.topics.TopicProvisioner;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** Sees to it that the topics are there, in the way that the operator has chosen. */
public final class TopicPreparation {

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

    private TopicPreparation() {}

    /** @throws StartupException when they are not, and what to do */
    public static TopicPlan prepare(
            EngineConfig config, Map<String, Object> clientProperties, Provisioning provisioning) {
        String servers = String.valueOf(clientProperties.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
        Admin admin = admin(clientProperties);
        try {
            if (!config.process().has(Role.BROKER)) {
                ClusterCheck.requireUsable(admin, servers);
            }
            TopicProvisioner provisioner = new TopicProvisioner(admin);
            TopicPlan plan =
                    TopicPlan.of(provisioner.decide(config.topics().toSettings(config.limits())));
            switch (provisioning) {
                case AUTO -> provisioner.createMissing(plan);
                case CHECK -> provisioner.check(plan);
                case PRINT -> print(provisioner, plan);
            }
            return plan;
        } catch (TopicProblem e) {
            throw new StartupException(String.valueOf(e.getMessage()), e);
        } catch (KafkaException e) {
            throw new StartupException("the topics cannot be prepared: " + e.getMessage(), e);
        } finally {
            // Without a limit this would wait for requests that nobody answers.
            admin.close(CLOSE_PATIENCE);
        }
    }

    private static Admin admin(Map<String, Object> clientProperties) {
        try {
            return Admin.create(clientProperties);
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new StartupException("the properties of Kafka clients are wrong: " + cause.getMessage(), e);
        }
    }

    private static void print(TopicProvisioner provisioner, TopicPlan plan) {
        TopicPlan missing = new TopicPlan(plan.prefix(), provisioner.missing(plan));
        if (!missing.topics().isEmpty()) {
            System.out.print(PlanFormat.KAFKA_TOPICS.render(missing));
        }
        provisioner.check(plan);
    }
}
