package io.iiikafka.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Scopes that one kind of worker has for itself (spec: state.md 7.5). */
class PrivateScopesTest {

    private static TestEngine engine;

    private final String name = "harness-" + UUID.randomUUID();
    private final String scope = "private-" + name;
    private RawWorker owner;
    private RawWorker other;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @BeforeEach
    void connect() {
        owner = engine.worker(name);
        other = engine.worker("other-" + name);
    }

    @AfterEach
    void disconnect() {
        owner.close();
        other.close();
    }

    private JsonNode claim(RawWorker worker, String prefix, String... scopes) {
        String list = scopes.length == 0 ? "" : "\"" + String.join("\",\"", scopes) + "\"";
        return worker.call(
                "state::claim-namespace", "{\"functions_prefix\":\"" + prefix + "\",\"scopes\":[" + list + "]}");
    }

    private static String code(JsonNode result) {
        return result.path("error").path("code").textValue();
    }

    private String address(String members) {
        return "{\"scope\":\"" + scope + "\"" + members + "}";
    }

    @Test
    void shouldKeepAScopeForThoseWhoClaimedIt() {
        JsonNode claimed = claim(owner, name, scope, scope + "-2");
        assertThat(claimed.at("/result/claimed").booleanValue()).isTrue();
        assertThat(claimed.at("/result/scopes").toString()).isEqualTo("[\"" + scope + "\",\"" + scope + "-2\"]");
        assertThat(claimed.at("/result/functions")).hasSize(5);
        assertThat(claim(owner, name, scope).at("/result/claimed").booleanValue()).isFalse();

        for (String function : new String[] {"get", "set", "delete", "list", "list_keys", "list_entries", "update",
                "compare-and-set", "get_versioned", "read", "transact"}) {
            assertThat(code(owner.call("state::" + function, address(",\"key\":\"k\",\"value\":1,\"ops\":[]"))))
                    .as(function)
                    .isEqualTo("RESERVED_SCOPE");
        }
        assertThat(code(owner.call("state::read", "{\"keys\":[" + address(",\"key\":\"k\"") + "]}")))
                .isEqualTo("RESERVED_SCOPE");
        assertThat(code(owner.call("state::list", "{\"scope\":\"__state_private_namespaces\"}")))
                .isEqualTo("RESERVED_SCOPE");
    }

    @Test
    void shouldUseItsScopesByItsOwnFunctionsAndFireNoTrigger() {
        owner.serve("heard-" + name);
        owner.send("{\"type\":\"registertrigger\",\"id\":\"t-" + name + "\",\"trigger_type\":\"state\",\"function_id\":"
                + "\"heard-" + name + "\",\"config\":{\"scope\":\"" + scope + "\"}}");
        claim(owner, name, scope);
        String state = name + "::state::";
        assertThat(owner.call(state + "compare-and-set", address(",\"key\":\"a\",\"value\":1")).at("/result/swapped")
                        .booleanValue())
                .isTrue();
        owner.call(state + "compare-and-set", address(",\"key\":\"b\",\"value\":null"));
        assertThat(owner.call(state + "get", address(",\"key\":\"a\"")).get("result").intValue()).isEqualTo(1);
        assertThat(owner.call(state + "get", address(",\"key\":\"none\"")).has("result")).isFalse();
        assertThat(owner.call(state + "list", address("")).get("result").toString()).isEqualTo("[1,null]");
        assertThat(owner.call(state + "list_keys", address("")).at("/result/keys").toString())
                .isEqualTo("[\"a\",\"b\"]");
        assertThat(owner.call(state + "list_entries", address("")).at("/result/entries").toString())
                .isEqualTo("[[\"a\",1],[\"b\",null]]");
        assertThat(owner.call(state + "list_entries", address(",\"non_null_only\":true")).at("/result/entries").toString())
                .isEqualTo("[[\"a\",1]]");
        assertThat(code(owner.call(state + "get", "{\"scope\":\"public\",\"key\":\"a\"}"))).isEqualTo("INVALID_SCOPE");
        assertThat(code(owner.call(state + "set", address(",\"key\":\"a\",\"value\":1"))))
                .isEqualTo("function_not_found");
        assertThat(owner.call("state::list_groups", "{}").at("/result/groups").toString()).doesNotContain(scope);
        assertThat(owner.silentAbout("invokefunction", Duration.ofMillis(300))).isTrue();
        JsonNode metadata = owner.call("engine::functions::info", "{\"function_id\":\"" + state + "get\"}")
                .at("/result/metadata");
        assertThat(metadata.toString()).isEqualTo("{\"internal\":true,\"trace_hidden\":true}");
    }

    @Test
    void shouldRefuseClaimsThatMayNotBe() {
        assertThat(code(claim(other, name, scope))).isEqualTo("FORBIDDEN");
        assertThat(code(claim(owner, "a b", scope))).isEqualTo("INVALID_PREFIX");
        assertThat(code(claim(owner, name, ""))).isEqualTo("INVALID_SCOPE");
        assertThat(code(claim(owner, name, "__state_private_namespaces"))).isEqualTo("RESERVED_SCOPE");
        assertThat(code(owner.call("state::claim-namespace", "{}"))).isEqualTo("deserialization_error");
        assertThat(code(owner.call("iii::state::claim", "{\"functions_prefix\":\"x\",\"scopes\":[]}")))
                .isEqualTo("FORBIDDEN");

        claim(owner, name, scope);
        JsonNode conflict = claim(other, "other-" + name, "free-" + name, scope);
        assertThat(code(conflict)).isEqualTo("SCOPE_CONFLICT");
        assertThat(conflict.at("/error/message").textValue()).startsWith("SCOPE_CONFLICT: ");
        assertThat(other.call("state::set", "{\"scope\":\"free-" + name + "\",\"key\":\"k\",\"value\":1}").has("result"))
                .as("all or nothing")
                .isTrue();
    }

    @Test
    void shouldKeepClaimsWhenTheKeeperStartsAnewAndOnOtherGateways() {
        claim(owner, name, scope);
        owner.call(name + "::state::compare-and-set", address(",\"key\":\"a\",\"value\":7"));
        engine.restartKeeper(false);
        assertThat(code(owner.call("state::get", address(",\"key\":\"a\"")))).isEqualTo("RESERVED_SCOPE");
        RawWorker elsewhere = engine.worker(engine.addGateway(), "elsewhere-" + name);
        assertThat(elsewhere.call(name + "::state::get", address(",\"key\":\"a\"")).get("result").intValue())
                .isEqualTo(7);
        elsewhere.close();
    }

    @Test
    void shouldNotBeReachedThroughATransactionOfAnotherScope() {
        claim(owner, name, scope);
        owner.call(name + "::state::compare-and-set", address(",\"key\":\"a\",\"value\":1"));
        String through = "{\"scope\":\"" + scope + "@x\",\"%s\":[{\"op\":\"set\",\"scope\":\"" + scope
                + "\",\"key\":\"a\",\"value\":2,\"exists\":false}]}";
        for (String part : new String[] {"writes", "checks"}) {
            assertThat(code(other.call("state::transact", through.formatted(part)))).as(part).isEqualTo("RESERVED_SCOPE");
        }
        assertThat(owner.call(name + "::state::get", address(",\"key\":\"a\"")).get("result").intValue()).isEqualTo(1);
    }

    @Test
    void shouldNotBeReachedThroughAForkThatWasMadeBefore() {
        other.call("state::set", address(",\"key\":\"a\",\"value\":1"));
        other.call("state::fork", address(",\"name\":\"f\""));
        other.call("state::set", "{\"scope\":\"" + scope + "@f\",\"key\":\"a\",\"value\":2}");
        claim(owner, name, scope);
        assertThat(code(other.call("state::merge_fork", "{\"scope\":\"" + scope + "@f\"}"))).isEqualTo("RESERVED_SCOPE");
        assertThat(owner.call(name + "::state::get", address(",\"key\":\"a\"")).get("result").intValue()).isEqualTo(1);
    }
}
