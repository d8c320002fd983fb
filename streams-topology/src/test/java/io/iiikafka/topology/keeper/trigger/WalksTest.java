package io.iiikafka.topology.keeper.trigger;

import static io.iiikafka.topology.catalog.CatalogFixture.function;
import static io.iiikafka.topology.catalog.CatalogFixture.gateway;
import static io.iiikafka.topology.catalog.CatalogFixture.worker;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogFixture;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Firing;
import io.iiikafka.topology.keeper.trigger.TriggersByPlace.Registered;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is kept in memory for a trigger that is told of the past ends with it. */
class WalksTest {

    private record Config() implements TriggerConfig {

        @Override
        public @Nullable String place() {
            return "s";
        }

        @Override
        public @Nullable Guarantee guarantee() {
            return null;
        }

        @Override
        public boolean looksBack() {
            return true;
        }
    }

    /** Never comes to an end. */
    private static final class Endless extends LookBack<Config, String> {

        private final Map<String, @Nullable RawJson> notes = new HashMap<>();

        Endless(TriggersByPlace<Config> triggers) {
            super(triggers);
        }

        @Override
        protected String begin(Registered<Config> trigger) {
            return "of " + trigger.name();
        }

        @Override
        protected boolean tell(Registered<Config> trigger, String walk, Command tick, List<Firing> firings) {
            note("at/" + trigger.name(), RawJson.of("1"));
            return false;
        }

        @Override
        protected @Nullable RawJson note(String name) {
            return notes.get(name);
        }

        @Override
        protected void note(String name, @Nullable RawJson note) {
            notes.put(name, note);
        }

        @Override
        protected List<String> notes(String from, String before, int most) {
            return List.of();
        }
    }

    @Test
    void shouldForgetTheWalkOfATriggerThatIsGoneButNotWhereItWas() {
        CatalogFixture catalog = new CatalogFixture();
        TriggersByPlace<Config> triggers = TriggersByPlace.of("state", config -> new Config(), catalog.catalog);
        catalog.put(gateway("g", 0));
        catalog.put(worker("w", "g", "w"));
        catalog.put(function("w", "f"));
        CatalogEntry.Trigger trigger = new CatalogEntry.Trigger(
                "w", "t", "state", "f", "default", null, "default", RawJson.of("{}"), null);
        catalog.put(trigger);
        Endless past = new Endless(triggers);
        Call call = new Call("i", "tick", "default", null, null, false, null, null, null, 1);
        Command tick = new Command(call, 0, 0, 0, null);

        past.next(tick);
        Registered<Config> registered = triggers.lookingBack().getFirst();
        assertThat(past.begun(registered)).isEqualTo("of id/t");
        catalog.remove(trigger.key());
        past.next(tick);

        assertThat(past.begun(registered)).isNull();
        assertThat(past.isUnfinished()).isFalse();
        assertThat(past.note("at/id/t")).isNotNull();
    }
}
