"""State and streams: what users of each generation call by name."""

import asyncio

from client import change, create_stream, value_key
from deadline import eventually


def by_time(events):
    return sorted(events, key=lambda event: event["timestamp"])


async def heard(events, count):
    """Waits for so many events; a moment later there are no more."""

    def enough():
        assert len(events) >= count, f"{len(events)} of {count} events"

    await eventually(enough)
    await asyncio.sleep(0.2)
    assert len(events) == count, events
    return events


def listener(client, function_id):
    """Registers a function that keeps what it is called with."""
    events = []

    async def keep(event):
        events.append(event)

    client.register(function_id, keep)
    return events


async def registered(bench, name):
    """Waits for what `a` has registered: the engine first waits for an introduction, which the oldest never sends."""

    async def probe(data):
        return "here"

    bench.a.register(bench.id(name), probe)
    await eventually(lambda: bench.b.call(bench.id(name), {}, timeout=2.0))


async def state(bench):
    a, b, scope = bench.a, bench.b, bench.id("scope: a/b ✨")

    async def put(key, value):
        return await b.call("state::set", {"scope": scope, "key": key, value_key(): value})

    async def get(key):
        return await a.call("state::get", {"scope": scope, "key": key})

    assert await get("k 1") is None
    assert await put("k 1", {"n": 1}) == {"old_value": None, "new_value": {"n": 1}}
    assert await put("k 1", {"n": 2**63}) == {"old_value": {"n": 1}, "new_value": {"n": 2**63}}
    assert await get("k 1") == {"n": 2**63}
    assert await put("null", None) == {"old_value": None, "new_value": None}
    assert await get("null") is None
    await put("k 0", [1, "zwei"])
    assert await a.call("state::list", {"scope": scope}) == [{"n": 2**63}, None, [1, "zwei"]]
    assert await a.call("state::list", {"scope": bench.id("nothing")}) == []
    assert scope in (await a.call("state::list_groups", {}))["groups"]
    assert await a.call("state::delete", {"scope": scope, "key": "k 1"}) == {"n": 2**63}
    assert await a.call("state::delete", {"scope": scope, "key": "k 1"}) is None
    assert await get("k 1") is None


async def state_update(bench):
    a, b, address = bench.a, bench.b, {"scope": bench.id("updates"), "key": "k"}

    async def update(*ops):
        return await b.call("state::update", {**address, "ops": list(ops)})

    assert await update(
        {"type": "set", "path": "status", "value": "new"},
        {"type": "increment", "path": "n", "by": 5},
        {"type": "decrement", "path": "n", "by": 2},
        {"type": "merge", "value": {"a": 1, "b": {"c": 2}}},
        {"type": "merge", "path": ["b", "d"], "value": {"e": 3}},
        {"type": "append", "path": "list", "value": 1},
        {"type": "append", "path": ["deep", "list"], "value": "x"},
        {"type": "append", "path": "status", "value": "!"},
        {"type": "remove", "path": "a"},
        {"type": "increment", "path": "f", "by": 1.5},
    ) == {
        "old_value": None,
        "new_value": {
            "status": "new!", "n": 3, "b": {"c": 2, "d": {"e": 3}}, "list": [1], "deep": {"list": ["x"]}, "f": 1.5,
        },
    }
    result = await update(
        {"type": "increment", "path": "status", "by": 1},
        {"type": "set", "path": "__proto__", "value": 1},
        {"type": "set", "path": "n", "value": 9},
    )
    assert result["new_value"]["n"] == 9
    codes = [(error["op_index"], error["code"]) for error in result["errors"]]
    assert codes == [(0, "increment.not_number"), (1, "set.path.proto_polluted")], codes
    counter = {"scope": bench.id("updates"), "key": "counter"}
    ops = [{"type": "increment", "path": "", "by": 1}]
    many = await asyncio.gather(
        *((a if i % 2 else b).call("state::update", {**counter, "ops": ops}) for i in range(100)))
    assert len({result["old_value"] for result in many}) == 100, "no two saw the same"
    assert await a.call("state::get", counter) == 100


async def state_trigger(bench):
    a, id, scope = bench.a, bench.id, bench.id("watched")
    all_events, odd, entered = (listener(a, id(f"state_{name}")) for name in ("all", "odd", "entered"))

    async def is_odd(event):
        return (event["new_value"] or {}).get("n", 0) % 2 == 1

    a.register(id("state_is_odd"), is_odd)
    a.bind("state", id("state_all"), {"scope": scope, "key": "k"})
    a.bind("state", id("state_odd"), {"scope": scope, "condition_function_id": id("state_is_odd")})
    a.bind("state", id("state_entered"), {"scope": scope, "condition": "n > 1"})

    await registered(bench, "state_registered")

    async def put(key, n):
        await a.call("state::set", {"scope": scope, "key": key, value_key(): {"n": n}})

    await put("k", 1)
    await put("k", 2)
    await a.call("state::delete", {"scope": scope, "key": "k"})
    await put("other", 3)

    def event(kind, old, new):
        return {"type": "state", "event_type": f"state:{kind}", "scope": scope, "key": "k",
                "old_value": old, "new_value": new}

    assert sorted(await heard(all_events, 3), key=lambda seen: seen["event_type"]) == [
        event("created", None, {"n": 1}),
        event("deleted", {"n": 2}, None),
        event("updated", {"n": 1}, {"n": 2}),
    ], all_events
    for events in (odd, entered):
        assert sorted(seen["key"] for seen in await heard(events, 2)) == ["k", "other"]


async def stream(bench):
    a, b = bench.a, bench.b
    group = {"stream_name": bench.id("todos"), "group_id": "in/box"}
    item = {**group, "item_id": "t 1"}

    async def put(data):
        return await b.call("stream::set", {**item, "data": data})

    assert await b.call("stream::get", item) is None
    assert await put({"id": "t 1", "n": 1}) == {"old_value": None, "new_value": {"id": "t 1", "n": 1}}
    assert await put({"n": 2}) == {"old_value": {"id": "t 1", "n": 1}, "new_value": {"n": 2}}
    await b.call("stream::set", {**group, "item_id": "null", "data": None})
    assert await a.call("stream::get", item) == {"n": 2}
    ops = [{"type": "increment", "path": "n", "by": 3}]
    assert await a.call("stream::update", {**item, "ops": ops}) == {"old_value": {"n": 2}, "new_value": {"n": 5}}
    assert await a.call("stream::list", group) == [{"n": 5}, None]
    assert await a.call("stream::list_groups", {"stream_name": group["stream_name"]}) == ["in/box"]
    listed = (await a.call("stream::list_all", {}))["stream"]
    assert {"id": group["stream_name"], "groups": ["in/box"]} in listed
    assert await a.call("stream::send", {**group, "type": "typing", "data": {"who": "Ada"}}) is None
    assert await a.call("stream::delete", item) == {"old_value": {"n": 5}}
    assert await a.call("stream::delete", item) == {"old_value": None}


async def stream_trigger(bench):
    a, id, group = bench.a, bench.id, {"stream_name": bench.id("heard"), "group_id": "g"}
    all_events, one = (listener(a, id(f"stream_{name}")) for name in ("all", "one"))

    async def no_updates(frame):
        return frame["event"]["type"] != "update"

    a.register(id("stream_no_updates"), no_updates)
    a.bind("stream", id("stream_all"), group)
    a.bind("stream", id("stream_one"),
           {**group, "item_id": "t1", "condition_function_id": id("stream_no_updates")})
    await registered(bench, "stream_registered")
    item = {**group, "item_id": "t1"}
    await a.call("stream::set", {**item, "data": {"n": 1}})
    await a.call("stream::update", {**item, "ops": [{"type": "increment", "path": "n", "by": 1}]})
    await a.call("stream::send", {**group, "type": "typing", "data": "Ada"})
    await a.call("stream::send", {**group, "id": "t1", "type": "typing", "data": "Bob"})
    await a.call("stream::delete", item)
    frames = by_time(await heard(all_events, 5))

    def sent(data):
        return {"type": "event", "event": {"type": "typing", "data": data}}

    assert [(frame["id"], frame["event"]) for frame in frames] == [
        ("t1", {"type": "create", "data": {"n": 1}}),
        ("t1", {"type": "update", "data": {"n": 2}}),
        (None, sent("Ada")),
        ("t1", sent("Bob")),
        ("t1", {"type": "delete", "data": {"n": 2}}),
    ], frames
    assert sorted(frames[0]) == ["event", "groupId", "id", "streamName", "timestamp", "type"]
    assert len({frame["timestamp"] for frame in frames}) == 5, "no two events have the same time"
    assert [frame["event"]["type"] for frame in by_time(await heard(one, 3))] == ["create", "event", "delete"]


async def stream_served(bench):
    """A stream whose items a worker keeps."""
    a, b, name, items, asked = bench.a, bench.b, bench.id("served"), {}, []
    group = {"stream_name": name, "group_id": "g"}
    item = {**group, "item_id": "t1"}

    class Storage:
        async def get(self, request):
            asked.append(request)
            return items.get(request.item_id)

        async def set(self, request):
            before, items[request.item_id] = items.get(request.item_id), {**request.data, "kept": True}
            return change("set", before, items[request.item_id])

        async def delete(self, request):
            return change("delete", items.pop(request.item_id, None))

        async def list(self, request):
            return list(items.values())

        async def list_groups(self, request):
            return ["g"]

        async def update(self, request):  # only some generations register it; others have the engine read and write
            before = items.get(request.item_id)
            items[request.item_id] = {**before, "n": before["n"] + 1}
            return change("update", before, items[request.item_id])

    create_stream(a, name, Storage)
    frames = listener(a, bench.id("served_frames"))
    a.bind("stream", bench.id("served_frames"), {"stream_name": name})
    stored = {"n": 1, "kept": True}

    async def known():
        functions = (await b.call("engine::functions::list", {}))["functions"]
        assert any(row["function_id"] == f"stream::list_groups({name})" for row in functions)

    await eventually(known)
    assert await a.call("stream::set", {**item, "data": {"n": 1}}) == {"old_value": None, "new_value": stored}
    assert await b.call("stream::get", item) == stored
    assert (asked[-1].stream_name, asked[-1].group_id, asked[-1].item_id) == (name, "g", "t1")
    assert await b.call("stream::list", group) == [stored]
    assert await b.call("stream::list_groups", {"stream_name": name}) == ["g"]
    changed = {"n": 2, "kept": True}
    ops = [{"type": "increment", "path": "n", "by": 1}]
    assert await a.call("stream::update", {**item, "ops": ops}) == {"old_value": stored, "new_value": changed}
    assert items == {"t1": changed}
    assert await a.call("stream::delete", item) == {"old_value": changed}
    assert await b.call("stream::get", item) is None
    assert [frame["event"] for frame in by_time(await heard(frames, 3))] == [
        {"type": "create", "data": stored},
        {"type": "update", "data": changed},
        {"type": "delete", "data": changed},
    ], frames


SCENARIOS = {
    scenario.__name__: scenario
    for scenario in (state, state_update, state_trigger, stream, stream_trigger, stream_served)
}
