package io.iiikafka.sdk.internal;

import java.util.List;

import io.iiikafka.sdk.Registration;

/**
 * Several registrations that are one to the user.
 *
 * @param id the user's name for them
 * @param parts taken back in this order
 */
public record Together(String id, List<Registration> parts) implements Registration {

    public Together {
        parts = List.copyOf(parts);
    }

    @Override
    public void unregister() {
        parts.forEach(Registration::unregister);
    }
}
