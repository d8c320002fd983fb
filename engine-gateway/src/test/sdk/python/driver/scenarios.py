"""One coroutine per scenario; each gets the bench and raises when the engine does not behave.

What it returns is printed as the scenario's detail.
"""

import asyncio
import hashlib
import json
import os
import time
import urllib.error
import urllib.request

from client import HAS_CHANNELS, http, open_client
from deadline import eventually
from queues import SCENARIOS as QUEUE_SCENARIOS
from state import SCENARIOS as STATE_SCENARIOS


def sha(data):
    return hashlib.sha256(data).hexdigest()


def code_of(error):
    """The engine's code, wherever this generation keeps it."""
    return getattr(error, "code", None) or next((c for c in _CODES if c in str(error)), None)


_CODES = ("invocation_failed", "function_not_found", "invocation_stopped", "payload_too_large", "TIMEOUT")


async def failure_of(awaitable):
    try:
        await awaitable
    except Exception as error:
        return error
    raise AssertionError("the call should have failed")


async def ready(client, function_id, payload=None):
    """Waits until a function just registered can be called from another connection."""
    return await eventually(lambda: client.call(function_id, payload or {}, timeout=2.0))


async def listed(client, function_id):
    """Waits until a function that should not be called yet is known."""

    async def attempt():
        rows = (await client.call("engine::functions::list", {}))["functions"]
        assert any(row["function_id"] == function_id for row in rows)

    await eventually(attempt)


def _request(url, method, body, headers):
    request = urllib.request.Request(url, data=body, headers=headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, dict(response.headers), response.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


async def fetch(bench, path, method="GET", body=None, headers=None):
    return await asyncio.to_thread(_request, bench.http_url + path, method, body, headers)


async def fetch_when_routed(bench, path, **options):
    async def attempt():
        answer = await fetch(bench, path, **options)
        assert answer[0] != 404, answer[2]
        return answer

    return await eventually(attempt)


async def call(bench):
    async def double(data):
        return {"got": data["n"] * 2}

    bench.a.register(bench.id("self"), double)
    assert await ready(bench.a, bench.id("self"), {"n": 7}) == {"got": 14}


async def call_between(bench):
    async def add(data):
        return {"sum": data["x"] + data["y"], "keys": sorted(data)}

    bench.a.register(bench.id("add"), add)
    result = await ready(bench.b, bench.id("add"), {"x": 2, "y": 40})
    assert result == {"sum": 42, "keys": ["_caller_worker_id", "x", "y"]}, result
    results = await asyncio.gather(*(bench.b.call(bench.id("add"), {"x": i, "y": 1}) for i in range(64)))
    assert [r["sum"] for r in results] == list(range(1, 65))


async def scalars(bench):
    async def mirror(data):
        return data

    bench.a.register(bench.id("mirror"), mirror)
    await ready(bench.b, bench.id("mirror"), "up")
    for value in ["text", "", 0, -1.5, True, False, [], [1, [2, None]], 2**53 - 1, 1e300]:
        result = await bench.b.call(bench.id("mirror"), value)
        assert result == value and type(result) is type(value), (value, result)
    assert await bench.b.call(bench.id("mirror"), None) is None


async def void(bench):
    seen = []

    async def note(data):
        seen.append(data["n"])

    bench.a.register(bench.id("note"), note)
    await ready(bench.b, bench.id("note"), {"n": 0})
    await bench.b.fire(bench.id("note"), {"n": 1})
    await bench.b.fire(bench.id("nobody"), {"n": 2})
    await bench.b.fire(bench.id("note"), {"n": 3})

    def both():
        assert sorted(n for n in seen if n) == [1, 3], seen

    await eventually(both)
    await asyncio.sleep(0.2)
    both()


async def handler_error(bench):
    async def boom(data):
        if data.get("fail"):
            raise ValueError("boom is the message")
        return "fine"

    bench.a.register(bench.id("boom"), boom)
    await ready(bench.b, bench.id("boom"))
    error = await failure_of(bench.b.call(bench.id("boom"), {"fail": True}))
    assert code_of(error) == "invocation_failed", repr(error)
    assert "boom is the message" in str(error)
    assert await bench.b.call(bench.id("boom"), {}) == "fine"


async def not_found(bench):
    error = await failure_of(bench.b.call(bench.id("missing"), {}))
    assert code_of(error) == "function_not_found", repr(error)
    return str(error)


async def caller_timeout(bench):
    async def slow(data):
        await asyncio.sleep(data.get("seconds", 0))
        return "late"

    bench.a.register(bench.id("slow"), slow)
    await ready(bench.b, bench.id("slow"))
    began = time.monotonic()
    error = await failure_of(bench.b.call(bench.id("slow"), {"seconds": 3}, timeout=0.3))
    assert time.monotonic() - began < 2.8, "the caller gave up by itself"
    assert isinstance(error, TimeoutError) or code_of(error) == "TIMEOUT", repr(error)
    await asyncio.sleep(3)
    assert await bench.b.call(bench.id("slow"), {}) == "late"


async def metadata(bench):
    async def meta(data, metadata=None):
        return {"n": data["n"], "metadata": metadata}

    bench.a.register(bench.id("meta"), meta)
    await listed(bench.b, bench.id("meta"))
    sent = {"tenant": "acme", "deep": {"list": [1, "zwei", None]}}
    assert await bench.b.call(bench.id("meta"), {"n": 1}, metadata=sent) == {"n": 1, "metadata": sent}
    assert await bench.b.call(bench.id("meta"), {"n": 2}) == {"n": 2, "metadata": None}


async def _large(data):
    if "make" in data:
        return "x" * data["make"]
    return {"size": len(data["text"]), "sha": sha(data["text"].encode())}


async def _round_trip(bench, name, size):
    text = os.urandom(size // 2).hex()
    assert await bench.b.call(bench.id(name), {"text": text}) == {"size": size, "sha": sha(text.encode())}
    assert len(await bench.b.call(bench.id(name), {"make": size})) == size


async def large_payload(bench):
    bench.a.register(bench.id("large"), _large)
    await ready(bench.b, bench.id("large"), {"text": ""})
    await _round_trip(bench, "large", 8 * 1024 * 1024)


async def payload_limit(bench):
    """For SDKs that take at most 1 MiB per frame: up to that it works, more is refused and the connection stays."""
    bench.a.register(bench.id("limited"), _large)
    await ready(bench.b, bench.id("limited"), {"text": ""})
    await _round_trip(bench, "limited", 900_000)
    details = []
    for payload in ({"text": "y" * 1_500_000}, {"make": 1_500_000}):
        error = await failure_of(bench.b.call(bench.id("limited"), payload, timeout=10))
        assert code_of(error) == "payload_too_large", repr(error)
        details.append(str(error))
        assert await bench.b.call(bench.id("limited"), {"text": "after"}) == {"size": 5, "sha": sha(b"after")}
    return " / ".join(details)


async def unicode(bench):
    async def mirror(data):
        return data

    name = bench.id("grüße (größe) / 世界 ✨")
    bench.a.register(name, mirror)
    text = 'naïve 𝄞 👩‍👩‍👧 \u0000 \u2028 "quoted" \\ \n\t </script> עברית'
    result = await ready(bench.b, name, {text: text, "list": [text, ""]})
    assert result[text] == text and result["list"] == [text, ""]


async def channel_bytes(bench):
    assert HAS_CHANNELS

    async def upper(data):
        received = await data["input"].read_all()
        await data["output"].write(received)
        await data["output"].close_async()
        return {"size": len(received), "sha": sha(received)}

    bench.a.register(bench.id("upper"), upper)
    await listed(bench.b, bench.id("upper"))
    sent = os.urandom(3 * 1024 * 1024 + 17)
    there, back = await bench.b.channel(), await bench.b.channel()
    returned = asyncio.ensure_future(back.reader.read_all())
    payload = {"input": there.reader_ref.model_dump(), "output": back.writer_ref.model_dump()}
    answer = asyncio.ensure_future(bench.b.call(bench.id("upper"), payload))
    await there.writer.write(sent)
    await there.writer.close_async()
    assert await answer == {"size": len(sent), "sha": sha(sent)}
    assert sha(await asyncio.wait_for(returned, 10)) == sha(sent)


async def channel_text(bench):
    async def chatty(data):
        for i in range(20):
            await data["out"].send_message_async(json.dumps({"i": i, "text": "grüße ✨"}))
        await data["out"].close_async()

    bench.a.register(bench.id("chatty"), chatty)
    await listed(bench.b, bench.id("chatty"))
    channel = await bench.b.channel()
    messages = []
    channel.reader.on_message(lambda text: messages.append(json.loads(text)))
    reading = asyncio.ensure_future(channel.reader.read_all())
    await bench.b.call(bench.id("chatty"), {"out": channel.writer_ref.model_dump()})
    await asyncio.wait_for(reading, 10)
    assert [m["i"] for m in messages] == list(range(20)), messages
    assert messages[0]["text"] == "grüße ✨"


async def http_get(bench):
    async def handler(req):
        if not isinstance(req, dict):
            req = req.model_dump()
        body = {
            "id": req["path_params"]["id"],
            "q": req["query_params"]["q"],
            "agent": req["headers"]["x-agent"],
            "method": req["method"],
        }
        return {"status_code": 201, "headers": {"x-made-by": "python"}, "body": body}

    bench.a.register(bench.id("http_get"), handler)
    bench.a.bind("http", bench.id("http_get"), {"api_path": f"{bench.path}/items/:id", "http_method": "GET"})
    url = f"/{bench.path}/items/a42?q=hello+w%C3%B6rld"
    status, headers, body = await fetch_when_routed(bench, url, headers={"X-Agent": "suite"})
    assert status == 201 and headers["x-made-by"] == "python", (status, headers, body)
    assert json.loads(body) == {"id": "a42", "q": "hello wörld", "agent": "suite", "method": "GET"}


async def http_post(bench):
    async def handler(req):
        return {"status_code": 200, "body": {"name": req["body"]["name"], "list": req["body"]["list"]}}

    bench.a.register(bench.id("http_post"), handler)
    bench.a.bind("http", bench.id("http_post"), {"api_path": f"/{bench.path}/posts", "http_method": "POST"})
    sent = {"name": "Zoë", "list": [1, None, "x"]}
    status, _, body = await fetch_when_routed(
        bench,
        f"/{bench.path}/posts",
        method="POST",
        body=json.dumps(sent).encode(),
        headers={"content-type": "application/json"},
    )
    assert status == 200 and json.loads(body) == sent, (status, body)


async def http_error(bench):
    async def handler(req):
        raise ValueError("broken on purpose")

    bench.a.register(bench.id("http_error"), handler)
    bench.a.bind("http", bench.id("http_error"), {"api_path": f"{bench.path}/broken", "http_method": "GET"})
    status, _, body = await fetch_when_routed(bench, f"/{bench.path}/broken")
    assert status == 500, (status, body)
    assert json.loads(body)["error"]["code"] == "invocation_failed", body


async def http_stream(bench):
    async def handler(req, res):
        await res.status(206)
        await res.headers({"content-type": "text/event-stream", "x-stream": "yes"})
        for i in range(4):
            await res.writer.write(f"data: tick {i}\n\n".encode())
            await asyncio.sleep(0.05)
        await res.writer.close_async()

    bench.a.register(bench.id("http_stream"), http(handler))
    bench.a.bind("http", bench.id("http_stream"), {"api_path": f"{bench.path}/ticks", "http_method": "GET"})
    status, headers, body = await fetch_when_routed(bench, f"/{bench.path}/ticks")
    assert status == 206 and headers["x-stream"] == "yes", (status, headers)
    assert body.decode() == "".join(f"data: tick {i}\n\n" for i in range(4))


async def http_upload(bench):
    async def handler(req, res):
        data = await req.request_body.read_all()
        return {"status_code": 200, "body": {"size": len(data), "sha": sha(data)}}

    bench.a.register(bench.id("http_upload"), http(handler))
    bench.a.bind("http", bench.id("http_upload"), {"api_path": f"{bench.path}/upload", "http_method": "POST"})
    # More than one Python frame may hold, so only a channel can carry it.
    sent = os.urandom(2 * 1024 * 1024 + 5)
    headers = {"content-type": "application/octet-stream"}
    status, _, body = await fetch_when_routed(
        bench, f"/{bench.path}/upload", method="POST", body=sent, headers=headers
    )
    assert json.loads(body) == {"size": len(sent), "sha": sha(sent)}, (status, body)


async def http_large_json(bench):
    """A JSON body above what an older SDK takes in one frame is left out: the handler may read it from its channel."""

    async def handler(req):
        return {"status_code": 200, "body": {"size": len(req["body"]["text"]) if req["body"] else None}}

    bench.a.register(bench.id("http_large"), handler)
    bench.a.bind("http", bench.id("http_large"), {"api_path": f"{bench.path}/large", "http_method": "POST"})
    headers = {"content-type": "application/json"}
    small = json.dumps({"text": "x" * 1000}).encode()
    await fetch_when_routed(bench, f"/{bench.path}/large", method="POST", body=small, headers=headers)
    large = json.dumps({"text": "x" * 1_500_000}).encode()
    status, _, body = await fetch(bench, f"/{bench.path}/large", "POST", large, headers)
    assert status == 200 and json.loads(body)["size"] in (1_500_000, None), (status, body)
    status_after, _, _ = await fetch(bench, f"/{bench.path}/large", "POST", small, headers)
    assert status_after == 200, status_after
    return f"{status} {body[:200]!r}"


async def trigger_metadata(bench):
    async def handler(req, metadata=None):
        return {"status_code": 200, "body": {"metadata": metadata}}

    bench.a.register(bench.id("tagged"), handler)
    config = {"api_path": f"{bench.path}/tagged", "http_method": "GET"}
    bench.a.bind("http", bench.id("tagged"), config, metadata={"team": "a"})
    _, _, body = await fetch_when_routed(bench, f"/{bench.path}/tagged")
    assert json.loads(body) == {"metadata": {"team": "a"}}, body


async def trigger_type(bench, prefix=""):
    bindings, rung = {}, []

    def added(key, function_id, config):
        bindings[key] = (function_id, config)

    bench.a.trigger_type(bench.id(prefix + "bell"), added, lambda key: bindings.pop(key, None))

    async def on_bell(data):
        rung.append(data["tone"])

    bench.b.register(bench.id(prefix + "on_bell"), on_bell)
    trigger = bench.b.bind(bench.id(prefix + "bell"), bench.id(prefix + "on_bell"), {"tone": "c♯"})

    def bound():
        assert list(bindings.values()) == [(bench.id(prefix + "on_bell"), {"tone": "c♯"})], bindings

    await eventually(bound)
    await ready(bench.a, bench.id(prefix + "on_bell"), {"tone": "c♯"})
    assert "c♯" in rung
    trigger.unregister()
    return bindings


async def trigger_type_unregister(bench):
    bindings = await trigger_type(bench, "un_")

    def gone():
        assert not bindings, bindings

    await eventually(gone)


async def trigger_parked(bench):
    async def on_late(data):
        return None

    bench.b.register(bench.id("on_late"), on_late)
    bench.b.bind(bench.id("late_type"), bench.id("on_late"), {"early": True})
    await asyncio.sleep(0.3)
    bindings = []
    bench.a.trigger_type(bench.id("late_type"), lambda k, f, config: bindings.append(config), lambda k: None)

    def bound():
        assert bindings[:1] == [{"early": True}], bindings

    await eventually(bound)


async def functions_available(bench):
    lists = []
    bench.b.on_functions(lists.append)
    await asyncio.sleep(0.5)

    async def newcomer(data):
        return None

    bench.a.register(bench.id("newcomer"), newcomer)

    def announced():
        assert any(bench.id("newcomer") in ids for ids in lists), lists[-1:]

    await eventually(announced, 15)
    return f"{len(lists)} announcements"


async def list_functions(bench):
    async def handler(data):
        return None

    bench.a.register(bench.id("listed"), handler, description="Listed for the suite")

    async def attempt():
        rows = (await bench.b.call("engine::functions::list", {}))["functions"]
        row = next(row for row in rows if row["function_id"] == bench.id("listed"))
        assert row["description"] == "Listed for the suite"
        assert bench.legacy_lists or row["namespace"] == "default"

    await eventually(attempt)
    if hasattr(bench.b.iii, "list_functions"):
        rows = await bench.b.iii.list_functions()
        assert any(row.function_id == bench.id("listed") for row in rows)


async def list_workers(bench):
    async def attempt():
        rows = (await bench.b.call("engine::workers::list", {}))["workers"]
        assert any(row["runtime"] == "engine" for row in rows)
        own = next(row for row in rows if row["name"] == f"{bench.name}-a")
        assert own["runtime"] == "python" and own["status"] == "connected" and own["function_count"] > 0, own

    await eventually(attempt)
    if hasattr(bench.b.iii, "list_workers"):
        assert any(row.name == f"{bench.name}-a" for row in await bench.b.iii.list_workers())


async def list_triggers(bench):
    config = {"api_path": f"{bench.path}/listed", "http_method": "GET"}
    bench.a.bind("http", bench.id("self"), config)

    async def attempt():
        rows = (await bench.b.call("engine::triggers::list", {}))["triggers"]
        if bench.legacy_lists:
            row = next(row for row in rows if (row.get("config") or {}).get("api_path") == config["api_path"])
            assert row["trigger_type"] == "http" and row["function_id"] == bench.id("self"), row
            return
        assert any(row["id"] == "http" for row in rows), rows
        request = {"function_id": bench.id("self")}
        rows = (await bench.b.call("engine::registered-triggers::list", request))["registered_triggers"]
        assert any(row["config"]["api_path"] == config["api_path"] for row in rows), rows

    await eventually(attempt)


async def unregister(bench):
    async def brief(req):
        return {"status_code": 200, "body": "here"}

    ref = bench.a.register(bench.id("brief"), brief)
    trigger = bench.a.bind("http", bench.id("brief"), {"api_path": f"{bench.path}/brief", "http_method": "GET"})
    assert (await fetch_when_routed(bench, f"/{bench.path}/brief"))[0] == 200
    trigger.unregister()

    async def unrouted():
        assert (await fetch(bench, f"/{bench.path}/brief"))[0] == 404

    await eventually(unrouted)
    if ref is None:
        return "this generation cannot unregister a function"
    await ready(bench.b, bench.id("brief"))
    ref.unregister()

    async def unknown():
        error = await failure_of(bench.b.call(bench.id("brief"), {}, timeout=2.0))
        assert code_of(error) == "function_not_found", repr(error)

    await eventually(unknown)


async def socket_loss(bench):
    c = await open_client(bench.proxy_url, f"{bench.name}-c")
    hanging = []

    async def fragile(data):
        if data.get("hang"):
            hanging.append(1)
            await asyncio.sleep(60)
        return "alive"

    c.register(bench.id("fragile"), fragile)
    await ready(bench.b, bench.id("fragile"))
    lost = asyncio.ensure_future(failure_of(bench.b.call(bench.id("fragile"), {"hang": True}, timeout=20)))

    def started():
        assert len(hanging) == 1

    await eventually(started)
    await bench.harness("cut")
    assert code_of(await lost) == "invocation_stopped", repr(await lost)
    assert await ready(bench.b, bench.id("fragile")) == "alive"
    assert len(hanging) == 1, "the call that was cut off is not run again"
    await c.close()


async def restart(bench):
    async def durable(req):
        return {"status_code": 200, "body": "still here"}

    async def durable_b(data):
        return "b too"

    bench.a.register(bench.id("durable"), durable)
    bench.b.register(bench.id("durable_b"), durable_b)
    bench.a.bind("http", bench.id("durable"), {"api_path": f"{bench.path}/durable", "http_method": "GET"})
    await ready(bench.a, bench.id("durable_b"))
    await bench.harness("restart")
    began = time.monotonic()
    await eventually(lambda: bench.b.call(bench.id("durable"), {}, timeout=2.0), 45)
    assert await eventually(lambda: bench.a.call(bench.id("durable_b"), {}, timeout=2.0), 45) == "b too"
    return f"callable again {time.monotonic() - began:.3f} s after the engine was"


async def http_after_restart(bench):
    """The route that `restart` had registered."""
    assert (await fetch_when_routed(bench, f"/{bench.path}/durable"))[0] == 200


SCENARIOS = STATE_SCENARIOS | QUEUE_SCENARIOS | {
    scenario.__name__: scenario
    for scenario in (
        call, call_between, scalars, void, handler_error, not_found, caller_timeout, metadata, large_payload,
        payload_limit, unicode, channel_bytes, channel_text, http_get, http_post, http_error, http_stream,
        http_upload, http_large_json, trigger_metadata, trigger_type, trigger_type_unregister, trigger_parked,
        functions_available, list_functions, list_workers, list_triggers, unregister, socket_loss, restart,
        http_after_restart,
    )
}  # fmt: skip
