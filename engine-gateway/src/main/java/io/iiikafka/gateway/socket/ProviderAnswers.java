package io.iiikafka.gateway.socket;

import io.iiikafka.sdk.protocol.Frame;

/** Told what a worker that provides a trigger type answered to a binding (spec: protocol.md 3.5). */
@FunctionalInterface
public interface ProviderAnswers {

    void answered(String connection, Frame.TriggerRegistrationResult answer);
}
