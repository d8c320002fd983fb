package io.iiikafka.gateway.state;

import static io.iiikafka.gateway.state.ScopeCall.FENCED;
import static io.iiikafka.gateway.state.ScopeCall.NOTHING;
import static io.iiikafka.gateway.state.ScopeCall.REFUSED;
import static io.iiikafka.gateway.state.ScopeCall.SWAPPED;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.iiikafka.gateway.history.SequentialModel;
import org.jspecify.annotations.Nullable;

/** A scope with its forks and leases used by one caller at a time, written from the description of state alone. */
final class ScopeModel implements SequentialModel<ScopeModel.Scope, ScopeCall, String> {

    /** @param owner null: nobody */
    record Holder(@Nullable String owner, long fence) {

        private static final Holder NOBODY = new Holder(null, 0);
    }

    /**
     * @param removed versions of keys that are not there any more
     */
    record Scope(
            List<ScopeItems.Item> items,
            Map<String, Long> removed,
            Map<String, Holder> leases,
            Map<String, ScopeFork> forks) {}

    @Override
    public Scope start() {
        return new Scope(List.of(), Map.of(), Map.of(), Map.of());
    }

    @Override
    public @Nullable Scope step(Scope before, ScopeCall call, @Nullable String answer) {
        Trial trial = new Trial(before);
        String expected = trial.run(call);
        return answer == null || answer.equals(expected) ? trial.scope() : null;
    }

    @Override
    public boolean isRead(ScopeCall call, String answer) {
        return switch (call) {
            case ScopeCall.Write write -> answer.equals(NOTHING);
            case ScopeCall.Get get -> true;
            case ScopeCall.GetVersioned get -> true;
            case ScopeCall.Read read -> true;
            case ScopeCall.ListAll list -> true;
            case ScopeCall.ListKeys list -> true;
            case ScopeCall.CompareAndSet swap -> !answer.equals(SWAPPED);
            case ScopeCall.Transact transact -> answer.equals(REFUSED) || transact.writes().isEmpty();
            case ScopeCall.FencedSet set -> answer.equals(FENCED);
            case ScopeCall.Lease lease -> false;
            case ScopeCall.Fork fork -> false;
            case ScopeCall.InFork in -> isRead(in.call(), answer);
            case ScopeCall.MergeFork merge -> answer.startsWith(REFUSED);
            case ScopeCall.DropFork drop -> false;
        };
    }

    /** One call on a copy. */
    private static final class Trial {

        private final ScopeItems items;
        private final Map<String, Holder> leases;
        private final Map<String, ScopeFork> forks;

        Trial(Scope before) {
            this.items = new ScopeItems(before.items(), before.removed());
            this.leases = new TreeMap<>(before.leases());
            this.forks = new TreeMap<>(before.forks());
        }

        Scope scope() {
            return new Scope(items.items(), items.removed(), Map.copyOf(leases), Map.copyOf(forks));
        }

        String run(ScopeCall call) {
            return switch (call) {
                case ScopeCall.Lease lease -> lease(lease);
                case ScopeCall.FencedSet set -> set.fence() < holder(set.key()).fence()
                        ? FENCED
                        : items.write(new ScopeCall.Set(set.key(), set.value()));
                case ScopeCall.Fork fork -> {
                    forks.put(fork.name(), ScopeFork.of(items));
                    yield "forked";
                }
                case ScopeCall.InFork in -> {
                    ScopeItems fork = forks.get(in.name()).items();
                    String answer = run(fork, in.call());
                    forks.put(in.name(), forks.get(in.name()).with(fork));
                    yield answer;
                }
                case ScopeCall.MergeFork merge -> merge(merge);
                case ScopeCall.DropFork drop -> Boolean.toString(forks.remove(drop.name()) != null);
                default -> run(items, call);
            };
        }

        private static String run(ScopeItems items, ScopeCall call) {
            return switch (call) {
                case ScopeCall.Delete delete -> items.remove(delete.key());
                case ScopeCall.Write write -> items.write(write);
                case ScopeCall.Get get -> items.shown(get.key());
                case ScopeCall.GetVersioned get -> items.versioned(get.key());
                case ScopeCall.Read read -> read.keys().stream().map(items::versioned).collect(Collectors.joining(" "));
                case ScopeCall.CompareAndSet swap -> swap(items, swap);
                case ScopeCall.Transact transact -> transact(items, transact);
                case ScopeCall.ListAll list -> items.values();
                case ScopeCall.ListKeys list -> items.keys();
                default -> throw new IllegalArgumentException("not in a fork: " + call);
            };
        }

        private static String transact(ScopeItems items, ScopeCall.Transact transact) {
            if ((items.find(transact.checked()) != null) != transact.there()) {
                return REFUSED;
            }
            StringBuilder results = new StringBuilder();
            transact.writes().forEach(write -> results.append(items.write(write)));
            results.append(';');
            transact.reads().forEach(key -> results.append(' ').append(items.shown(key)));
            return results.toString();
        }

        private static String swap(ScopeItems items, ScopeCall.CompareAndSet swap) {
            String current = items.text(swap.key());
            if (!current.equals(swap.expected())) {
                return "is " + current;
            }
            items.put(swap.key(), swap.value());
            return SWAPPED;
        }

        private String merge(ScopeCall.MergeFork merge) {
            ScopeFork.Merge result = forks.get(merge.name()).merge(items, merge.strategy());
            if (result.done()) {
                forks.remove(merge.name());
            }
            return (result.done() ? "" : REFUSED) + result.applied() + result.conflicts();
        }

        private Holder holder(String key) {
            return leases.getOrDefault(key, Holder.NOBODY);
        }

        private String lease(ScopeCall.Lease lease) {
            Holder before = holder(lease.key());
            boolean mine = lease.owner().equals(before.owner());
            Holder after = switch (lease.action()) {
                case "acquire" -> before.owner() == null ? new Holder(lease.owner(), before.fence() + 1) : before;
                case "release" -> mine ? new Holder(null, before.fence()) : before;
                default -> before;
            };
            leases.put(lease.key(), after);
            boolean held = !lease.action().equals("release") && lease.owner().equals(after.owner());
            return ScopeCall.held(held, after.owner(), after.fence());
        }
    }
}
