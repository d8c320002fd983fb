package io.iiikafka.topology.keeper.state;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Chains of changes that fire each other (spec: state.md 5.3). */
class DepthGuardTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(DepthGuard.class);
    private final ListAppender<ILoggingEvent> warnings = new ListAppender<>();

    @BeforeEach
    void listen() {
        warnings.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(warnings);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(warnings);
        logger.setLevel(null);
    }

    @Test
    void shouldWarnOnceOfEachTriggerInALongChainAndLetItGoOn() {
        DepthGuard guard = new DepthGuard(0);
        for (int depth = 1; depth < 64; depth++) {
            assertThat(guard.admits("t", depth)).isTrue();
        }
        assertThat(warnings.list).isEmpty();

        assertThat(guard.admits("t", 64)).isTrue();
        assertThat(guard.admits("t", 65)).isTrue();
        assertThat(guard.admits("other", 70)).isTrue();

        assertThat(warnings.list).hasSize(2).allSatisfy(warning -> assertThat(warning.getLevel()).isEqualTo(Level.WARN));
    }

    @Test
    void shouldStopAtTheLimitAndSaySo() {
        DepthGuard guard = new DepthGuard(3);
        assertThat(guard.admits("t", 3)).isTrue();
        assertThat(warnings.list).isEmpty();
        assertThat(guard.admits("t", 4)).isFalse();
        assertThat(warnings.list)
                .singleElement()
                .satisfies(warning -> assertThat(warning.getFormattedMessage()).contains("max_trigger_depth"));
    }
}
