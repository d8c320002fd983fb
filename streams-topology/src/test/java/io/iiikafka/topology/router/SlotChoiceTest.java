package io.iiikafka.topology.router;

import static io.iiikafka.topology.catalog.CatalogFixture.function;
import static io.iiikafka.topology.catalog.CatalogFixture.gateway;
import static io.iiikafka.topology.catalog.CatalogFixture.worker;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.Member;
import io.iiikafka.topology.record.CallAddress;
import org.junit.jupiter.api.Test;

class SlotChoiceTest {

    private final SlotChoice choice = new SlotChoice();

    private static Member member(CatalogEntry.Gateway gateway) {
        return new Member(function("c-" + gateway.id(), "f"), worker("c-" + gateway.id(), gateway.id(), "w"), gateway, 1);
    }

    private static CatalogEntry.Gateway draining(CatalogEntry.Gateway gateway) {
        return new CatalogEntry.Gateway(
                gateway.id(), 0, gateway.slots(), gateway.workerAddress(), "t", 1, 1, 1, 6000, true, null);
    }

    private static CallAddress from(String gateway, int hops) {
        return new CallAddress("f", "default", 1, 0, hops, gateway, null);
    }

    private List<Integer> choose(int times, List<Member> members, CallAddress call) {
        List<Integer> slots = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            slots.add(choice.choose(members, call));
        }
        return slots;
    }

    @Test
    void shouldPreferTheGatewayThatAsked() {
        List<Member> members = List.of(member(gateway("a", 1)), member(gateway("b", 2)));

        assertThat(choose(4, members, from("b", 0))).containsOnly(2);
    }

    @Test
    void shouldTakeTurnsWhenTheAskingGatewayHasNoWorker() {
        List<Member> members = List.of(member(gateway("a", 1)), member(gateway("b", 2)));

        assertThat(choose(4, members, from("c", 0))).containsExactly(1, 2, 1, 2);
    }

    @Test
    void shouldNotSendACallBackToWhereItCameFromByPreference() {
        List<Member> members = List.of(member(gateway("a", 1)), member(gateway("b", 2)));

        assertThat(choose(4, members, from("a", 1))).contains(2);
    }

    @Test
    void shouldAvoidDrainingGatewaysWhileThereAreOthers() {
        Member leaving = member(draining(gateway("a", 1)));

        assertThat(choose(3, List.of(leaving, member(gateway("b", 2))), from("a", 0))).containsOnly(2);
        assertThat(choose(3, List.of(leaving), from("a", 0))).containsOnly(1);
    }

    @Test
    void shouldChooseNothingWhenNoGatewayHasASlot() {
        assertThat(choice.choose(List.of(member(gateway("a"))), from("a", 0))).isNull();
    }

    @Test
    void shouldKeepAFunctionOnOneSlotOfAGateway() {
        assertThat(choose(5, List.of(member(gateway("a", 1, 2, 3))), from("a", 0)).stream().distinct()).hasSize(1);
    }
}
