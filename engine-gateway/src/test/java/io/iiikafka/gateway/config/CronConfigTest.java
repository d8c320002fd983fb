package io.iiikafka.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries of cron (spec: cron.md 7): accepted, without effect. */
class CronConfigTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "{name: iii-cron}",
        "{name: cron, config: {adapter: {name: local}}}",
        "{name: iii-cron, config: {adapter: {name: kv, config: {lock_ttl_ms: 30000, lock_index: cron_locks}}}}",
        "{class: 'modules::cron::CronModule', config: {adapter: {class: 'modules::cron::KvCronAdapter'}}}"
    })
    void shouldBeAcceptedWithoutAWarning(String entry) {
        assertThat(Load.yaml("workers: [" + entry + "]").warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{name: iii-cron, config: {adapter: {name: redis, config: {redis_url: 'redis://localhost:6379'}}}}",
        "{name: cron, config: {adapter: {class: 'modules::cron::RedisCronAdapter'}}}",
        "{name: cron, config: {adapter: {class: 'modules::cron::adapters::RedisCronAdapter'}}}"
    })
    void shouldSayOnceThatRedisHasNoEffect(String entry) {
        assertThat(Load.yaml("workers: [" + entry + "]").warnings()).hasSize(1).first().asString().contains("redis");
    }

    @Test
    void shouldRefuseBothNamesAtOnce() {
        assertThat(Load.problems("workers: [{name: iii-cron}, {name: cron}]"))
                .anySatisfy(line -> assertThat(line)
                        .contains("Duplicate worker configurations:", "Remove 'iii-cron' from your configuration."));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{name: iii-cron, config: {adapters: {name: kv}}}",
        "{name: iii-cron, config: {adapter: {name: etcd}}}",
        "{name: iii-cron, config: {adapter: {name: kv, config: {lock_tt_ms: 1}}}}",
        "{name: iii-cron, image: 'x'}"
    })
    void shouldRefuseWhatIsNotKnown(String entry) {
        assertThat(Load.problems("workers: [" + entry + "]")).isNotEmpty();
    }
}
