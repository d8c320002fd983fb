package io.iiikafka.gateway.config;

import java.util.List;

/**
 * What is too much.
 *
 * @param maxMessageBytes largest message that a worker may send, envelope included, in bytes; default 32 MiB; the
 *     connection of one that sends more is closed with 1009
 * @param maxPayloadBytes largest payload that is passed on, in bytes; default 16 MiB; the caller of more gets
 *     {@code payload_too_large}
 * @param maxRegistrationBytes largest registration that a worker may send, in bytes; default 1 MiB; every gateway, router
 *     and keeper holds all of them in memory
 * @param inFlightPerWorker calls that one worker may have in flight; default 4096
 * @param inFlightPerGateway calls of one gateway's callers that may wait at once; default 32768
 * @param inFlightBytes what the payloads of these calls, and of void calls until Kafka has them, may take together, in bytes;
 *     default {@link #AUTO}: a sixth of the JVM's heap
 * @param socketWriteQueueBytes what may wait to be written to one socket, in bytes; default 32 MiB; a worker that lets
 *     it grow beyond is disconnected
 * @param functionsPerWorker functions that one connection may register; default 10000
 * @param registrationsPerWorker functions, triggers, trigger types and services that one connection may register; default
 *     20000; a trigger beyond gets {@code trigger_registration_failed}, anything else is refused in the log only
 * @param registeredBytesPerWorker what these may take together, in bytes; default 32 MiB; likewise
 */
public record LimitsConfig(
        int maxMessageBytes,
        int maxPayloadBytes,
        int maxRegistrationBytes,
        int inFlightPerWorker,
        int inFlightPerGateway,
        long inFlightBytes,
        long socketWriteQueueBytes,
        int functionsPerWorker,
        int registrationsPerWorker,
        long registeredBytesPerWorker) {

    public static final long AUTO = -1;

    private static final int MEBIBYTE = 1024 * 1024;

    static final Setting<Integer> MAX_MESSAGE = Setting.of(
            "limits.max_message",
            SettingTypes.SMALL_SIZE,
            32 * MEBIBYTE,
            "largest message that a worker may send; beyond, its connection is closed (1009)");
    static final Setting<Integer> MAX_PAYLOAD = Setting.of(
            "limits.max_payload",
            SettingTypes.SMALL_SIZE,
            16 * MEBIBYTE,
            "largest payload that is passed on; beyond, the caller gets `payload_too_large`");
    static final Setting<Integer> MAX_REGISTRATION = Setting.of(
            "limits.max_registration",
            SettingTypes.SMALL_SIZE,
            MEBIBYTE,
            "largest registration of a function, trigger or trigger type, with its schemas; beyond, it is refused");
    static final Setting<Integer> IN_FLIGHT_PER_WORKER = Setting.of(
            "limits.in_flight_per_worker",
            SettingTypes.integer(1, Integer.MAX_VALUE),
            4096,
            "calls that one worker may have in flight");
    static final Setting<Integer> IN_FLIGHT_PER_GATEWAY = Setting.of(
            "limits.in_flight_per_gateway",
            SettingTypes.integer(1, Integer.MAX_VALUE),
            32_768,
            "calls of one gateway's callers that may wait at once");
    static final Setting<Long> IN_FLIGHT_BYTES = Setting.of(
            "limits.in_flight_bytes",
            SettingTypes.sizeOr("auto", AUTO),
            AUTO,
            "what the payloads of these calls, and of void calls until Kafka has them, may take together; beyond, the"
                    + " caller gets `overloaded`; `auto`: a sixth of the JVM's heap");
    static final Setting<Long> SOCKET_WRITE_QUEUE = Setting.of(
            "limits.socket_write_queue",
            SettingTypes.SIZE,
            32L * MEBIBYTE,
            "what may wait to be written to one socket; from half of it on further calls wait for the worker; beyond, it is"
                    + " disconnected");
    static final Setting<Integer> FUNCTIONS_PER_WORKER = Setting.of(
            "limits.functions_per_worker",
            SettingTypes.integer(1, Integer.MAX_VALUE),
            10_000,
            "functions that one connection may register");
    static final Setting<Integer> REGISTRATIONS_PER_WORKER = Setting.of(
            "limits.registrations_per_worker",
            SettingTypes.integer(1, Integer.MAX_VALUE),
            20_000,
            "functions, triggers, trigger types and services that one connection may register; a trigger beyond gets"
                    + " `trigger_registration_failed`, of anything else only the log says that it was refused");
    static final Setting<Long> REGISTERED_BYTES_PER_WORKER = Setting.of(
            "limits.registered_bytes_per_worker",
            SettingTypes.SIZE,
            32L * MEBIBYTE,
            "what the registrations of one connection may take together; likewise");

    static final List<Setting<?>> SETTINGS = List.of(
            MAX_MESSAGE,
            MAX_PAYLOAD,
            MAX_REGISTRATION,
            IN_FLIGHT_PER_WORKER,
            IN_FLIGHT_PER_GATEWAY,
            IN_FLIGHT_BYTES,
            SOCKET_WRITE_QUEUE,
            FUNCTIONS_PER_WORKER,
            REGISTRATIONS_PER_WORKER,
            REGISTERED_BYTES_PER_WORKER);

    static LimitsConfig from(Values values) {
        LimitsConfig limits = new LimitsConfig(
                values.get(MAX_MESSAGE),
                values.get(MAX_PAYLOAD),
                values.get(MAX_REGISTRATION),
                values.get(IN_FLIGHT_PER_WORKER),
                values.get(IN_FLIGHT_PER_GATEWAY),
                values.get(IN_FLIGHT_BYTES),
                values.get(SOCKET_WRITE_QUEUE),
                values.get(FUNCTIONS_PER_WORKER),
                values.get(REGISTRATIONS_PER_WORKER),
                values.get(REGISTERED_BYTES_PER_WORKER));
        if (limits.maxMessageBytes <= limits.maxPayloadBytes) {
            values.error(MAX_PAYLOAD, "must be smaller than limits.max_message, which also holds the envelope");
        }
        return limits;
    }
}
