package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;

/**
 * {@code state::lease}: {@code {"scope","key","owner","ttl_ms","action":"acquire"|"renew"|"release","fence"?}} →
 * {@code {"held":true,"owner":"a","fence":3,"expires_at":1700000000000}} (spec: state.md 12.3). {@code held} tells
 * whether the caller's owner has it; the rest, who has it. The time is that of the gateway that took the call.
 */
final class StateLease extends StateFunction {

    private static final long LONGEST_MS = 30L * 24 * 3_600_000;

    StateLease(Partitioning partitioning) {
        super("state::lease", "Hold a key for a time, with a fence that grows", partitioning);
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        StateKey key = address(input);
        String owner = input.text("owner");
        String action = input.text("action");
        Lease lease = Lease.of(draft, key);
        boolean mine = lease.isHeldBy(owner, draft.nowMs())
                && lease.fence() == input.integer("fence", 0, Long.MAX_VALUE, lease.fence());
        return switch (action) {
            case "acquire" -> {
                long expiry = expiry(input, draft);
                if (lease.isHeldBy(owner, draft.nowMs())) {
                    yield hold(draft, key, new Lease(owner, lease.fence(), expiry));
                }
                yield lease.isHeld(draft.nowMs())
                        ? new Outcome.Success(lease.reply(false))
                        : hold(draft, key, new Lease(owner, lease.fence() + 1, expiry));
            }
            case "renew" -> {
                long expiry = expiry(input, draft);
                yield mine
                        ? hold(draft, key, new Lease(owner, lease.fence(), expiry))
                        : new Outcome.Success(lease.reply(false));
            }
            case "release" -> {
                Lease after = mine ? new Lease(null, lease.fence(), draft.nowMs()) : lease;
                if (mine) {
                    after.note(draft, key);
                }
                yield new Outcome.Success(after.reply(false));
            }
            default -> throw input.misfit("unknown action `" + action + "`, expected acquire, renew or release");
        };
    }

    private static long expiry(Input input, StateDraft draft) {
        input.require("ttl_ms");
        return draft.nowMs() + input.integer("ttl_ms", 1, LONGEST_MS, 1);
    }

    private static Outcome hold(StateDraft draft, StateKey key, Lease lease) {
        lease.note(draft, key);
        return new Outcome.Success(lease.reply(true));
    }

    @Override
    public RawJson requestFormat() {
        return StateExtensionSchemas.LEASE_REQUEST;
    }

    @Override
    public RawJson responseFormat() {
        return StateExtensionSchemas.LEASE;
    }
}
