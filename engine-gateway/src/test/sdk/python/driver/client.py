"""One face for three generations of the Python SDK, so that the scenarios are written once.

Which generation is installed is read from what the package exports, never from a version number.
"""

import asyncio
import inspect
import uuid

import iii as sdk

REQUEST_STYLE = hasattr(sdk, "register_worker")
HAS_CHANNELS = REQUEST_STYLE or hasattr(sdk, "ChannelReader")

if REQUEST_STYLE:
    import iii.helpers as helpers
    from iii.helpers import create_channel_async
    from iii.stream import IStream
    from iii_helpers.stream import StreamDeleteResult, StreamSetResult
    from iii.triggers import TriggerHandler
    from iii_helpers.http import http as http
    from iii_helpers.observability.reconnection import ReconnectionConfig
else:
    from iii.stream import IStream, StreamSetResult
    from iii.triggers import TriggerHandler

    http = None
    ReconnectionConfig = getattr(sdk, "ReconnectionConfig", None)


async def open_client(url, worker_name, quiet=True):
    """Opens a connection; `quiet` switches the SDK's telemetry off, the default leaves it as a user would have it."""
    known = inspect.signature(sdk.InitOptions).parameters if hasattr(sdk, "InitOptions") else {}
    options = {"worker_name": worker_name}
    if ReconnectionConfig is not None:
        options["reconnection_config"] = ReconnectionConfig(initial_delay_ms=200, max_delay_ms=1000)
    if quiet:
        options["otel"] = {"enabled": False}
    if REQUEST_STYLE:
        init = sdk.InitOptions(**{k: v for k, v in options.items() if k in known})
        # The constructor waits for its first connection, so it must not hold this loop.
        return RequestClient(await asyncio.to_thread(sdk.register_worker, url, init))
    from iii.iii import InitOptions

    known = inspect.signature(InitOptions).parameters
    iii = sdk.III(url, InitOptions(**{k: v for k, v in options.items() if k in known}))
    await iii.connect()
    return PositionalClient(iii)


def value_key():
    """What users of this generation call the value of `state::set`."""
    return "value" if REQUEST_STYLE else "data"


def create_stream(client, name, storage):
    """Serves a stream from an object of the class `storage`, made one of the SDK's."""
    stream = type("Stored", (storage, IStream), {})()
    helpers.create_stream(client.iii, name, stream) if REQUEST_STYLE else client.iii.create_stream(name, stream)


def change(kind, before, after=None):
    """What a storage answers to a write."""
    if kind == "delete":
        return StreamDeleteResult(old_value=before) if REQUEST_STYLE else {"old_value": before}
    return StreamSetResult(old_value=before, new_value=after)


class _Provider(TriggerHandler):
    def __init__(self, added, removed):
        self.added, self.removed = added, removed

    async def register_trigger(self, config):
        self.added(config.id, config.function_id, config.config)

    async def unregister_trigger(self, config):
        self.removed(config.id)


class PositionalClient:
    """0.0 and 0.4: `III(address)`, `call(path, data, timeout)`, `call_void(path, data)`."""

    def __init__(self, iii):
        self.iii = iii

    def register(self, function_id, handler, description=None, metadata=None):
        extra = {"description": description} if description else {}
        if metadata and "metadata" in inspect.signature(self.iii.register_function).parameters:
            extra["metadata"] = metadata
        return self.iii.register_function(function_id, handler, **extra)

    async def call(self, function_id, payload, timeout=30.0, metadata=None):
        assert metadata is None, "this generation has no metadata"
        return await self.iii.call(function_id, payload, timeout=timeout)

    async def fire(self, function_id, payload):
        self.iii.call_void(function_id, payload)

    def bind(self, trigger_type, function_id, config, metadata=None):
        return self.iii.register_trigger(trigger_type, function_id, config)

    def trigger_type(self, type_id, added, removed):
        self.iii.register_trigger_type(type_id, f"{type_id} for the conformance suite", _Provider(added, removed))

    def on_functions(self, callback):
        return self.iii.on_functions_available(lambda rows: callback([row.function_id for row in rows]))

    async def channel(self):
        return await self.iii.create_channel()

    async def close(self):
        await self.iii.shutdown()


class RequestClient(PositionalClient):
    """From 0.9 on: `register_worker`, `trigger_async({...})`."""

    def register(self, function_id, handler, description=None, metadata=None):
        return self.iii.register_function(function_id, handler, description=description, metadata=metadata)

    async def call(self, function_id, payload, timeout=30.0, metadata=None):
        request = {"function_id": function_id, "payload": payload, "timeout_ms": int(timeout * 1000)}
        if metadata is not None:
            request["metadata"] = metadata
        return await self.iii.trigger_async(request)

    async def fire(self, function_id, payload):
        action = sdk.TriggerAction.Void()
        await self.iii.trigger_async({"function_id": function_id, "payload": payload, "action": action})

    async def enqueue(self, queue, function_id, payload):
        action = sdk.TriggerAction.Enqueue(queue=queue)
        return await self.iii.trigger_async({"function_id": function_id, "payload": payload, "action": action})

    def bind(self, trigger_type, function_id, config, metadata=None):
        trigger = {"type": trigger_type, "function_id": function_id, "config": config}
        return self.iii.register_trigger(trigger | ({"metadata": metadata} if metadata else {}))

    def trigger_type(self, type_id, added, removed):
        description = f"{type_id} for the conformance suite"
        self.iii.register_trigger_type({"id": type_id, "description": description}, _Provider(added, removed))

    def on_functions(self, callback):
        function_id = f"conformance.on_functions.{uuid.uuid4()}"

        async def changed(data):
            callback([row["function_id"] for row in data["functions"]])

        self.register(function_id, changed)
        return self.bind("engine::functions-available", function_id, {})

    async def channel(self):
        return await create_channel_async(self.iii)

    async def close(self):
        await asyncio.to_thread(self.iii.shutdown)  # it waits for a loop of its own
