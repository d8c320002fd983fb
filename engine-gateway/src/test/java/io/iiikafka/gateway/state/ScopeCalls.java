package io.iiikafka.gateway.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.jspecify.annotations.Nullable;

/**
 * What one client asks, at random. What it writes nobody else writes, so that answers tell as much as can be about the order
 * of calls: what a call would not have noticed, no checker finds.
 */
final class ScopeCalls {

    private static final int KEYS = 10;
    private static final List<String> MEMBERS = List.of("a", "b", "c");
    private static final List<String> LEASE = List.of("acquire", "acquire", "release", "renew");
    private static final List<String> STRATEGIES = List.of("fail", "fork_wins", "parent_wins");

    private final String client;
    private final Random random;
    private final Map<String, String> seen = new HashMap<>();
    private final Map<String, Long> fences = new HashMap<>();
    private @Nullable String fork;
    private long unique;

    /**
     * @param client up to 99
     */
    ScopeCalls(int client, Random random) {
        this.client = "c" + client;
        this.random = random;
        this.unique = client;
    }

    ScopeCall next() {
        if (fork != null && random.nextInt(3) == 0) {
            return inFork(fork);
        }
        return switch (random.nextInt(24)) {
            case 0, 1 -> new ScopeCall.Get(key());
            case 2 -> new ScopeCall.GetVersioned(key());
            case 3 -> new ScopeCall.Read(List.of(key(), key(), key()));
            case 4, 5, 6 -> swap();
            case 7, 8, 9 -> transaction();
            case 10 -> new ScopeCall.ListAll();
            case 11 -> new ScopeCall.ListKeys();
            case 12 -> new ScopeCall.Lease(key(), client, one(LEASE));
            case 13 -> fenced();
            case 14 -> fork == null ? new ScopeCall.Fork(client + "-" + unique()) : inFork(fork);
            default -> write();
        };
    }

    /** Remembers values for a compare-and-set, fences, and its fork. */
    void heard(ScopeCall call, String answer) {
        switch (call) {
            case ScopeCall.Get get when !answer.equals(ScopeCall.NOTHING) -> seen.put(get.key(), answer);
            case ScopeCall.Set set -> seen.put(set.key(), set.value());
            case ScopeCall.Lease lease ->
                fences.put(lease.key(), Long.parseLong(answer.substring(answer.lastIndexOf(' ') + 1)));
            case ScopeCall.Fork made -> fork = made.name();
            case ScopeCall.MergeFork merge when !answer.startsWith(ScopeCall.REFUSED) -> fork = null;
            case ScopeCall.DropFork drop -> fork = null;
            default -> {} // enough
        }
    }

    private ScopeCall inFork(String name) {
        return switch (random.nextInt(10)) {
            case 0 -> new ScopeCall.MergeFork(name, one(STRATEGIES));
            case 1 -> random.nextBoolean() ? new ScopeCall.DropFork(name) : new ScopeCall.MergeFork(name, one(STRATEGIES));
            case 2 -> new ScopeCall.InFork(name, new ScopeCall.ListAll());
            case 3 -> new ScopeCall.InFork(name, new ScopeCall.ListKeys());
            case 4 -> new ScopeCall.InFork(name, new ScopeCall.Get(key()));
            case 5 -> new ScopeCall.InFork(name, swap());
            case 6 -> new ScopeCall.InFork(name, transaction());
            default -> new ScopeCall.InFork(name, write());
        };
    }

    /** With the fence of a lease as it was once. */
    private ScopeCall fenced() {
        String key = key();
        return new ScopeCall.FencedSet(key, value(), fences.getOrDefault(key, 0L));
    }

    private ScopeCall swap() {
        String key = key();
        return new ScopeCall.CompareAndSet(key, seen.getOrDefault(key, "0"), value());
    }

    private ScopeCall.Write write() {
        String key = key();
        return switch (random.nextInt(14)) {
            case 0, 1, 2 -> new ScopeCall.Set(key, value());
            case 3, 4 -> new ScopeCall.Delete(key);
            case 5, 6 -> new ScopeCall.Increment(key, unique());
            case 7, 8 -> new ScopeCall.Append(key, unique());
            case 9, 10 -> new ScopeCall.Merge(key, one(MEMBERS), unique());
            case 11 -> new ScopeCall.SetMember(key, one(MEMBERS), unique());
            case 12 -> new ScopeCall.RemoveMember(key, one(MEMBERS));
            default -> new ScopeCall.Clear(key);
        };
    }

    private ScopeCall transaction() {
        List<ScopeCall.Write> writes = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            writes.add(write());
        }
        return new ScopeCall.Transact(key(), random.nextInt(4) > 0, writes, List.of(key(), key()));
    }

    private String key() {
        return "k" + random.nextInt(KEYS);
    }

    private <T> T one(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private String value() {
        return switch (random.nextInt(4)) {
            case 0 -> "[" + unique() + "]";
            case 1 -> "{\"" + one(MEMBERS) + "\":" + unique() + "}";
            default -> Long.toString(unique());
        };
    }

    private long unique() {
        unique += 100;
        return unique;
    }
}
