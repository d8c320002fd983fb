"""Durable topics and named queues: by name in every generation, by the action of a call where the SDK has it."""

import asyncio
import re

from deadline import eventually


async def queue(bench):
    a, b, topic = bench.a, bench.b, bench.id("topic")
    seen = {"queue": [], "durable:subscriber": []}

    def subscribe(trigger_type):
        async def handle(data):
            seen[trigger_type].append(data)
            if len(seen[trigger_type]) == 1:
                raise RuntimeError("once more")

        a.register(bench.id(trigger_type), handle)
        a.bind(trigger_type, bench.id(trigger_type), {"topic": topic, "queue_config": {"backoffDelayMs": 50}})

    for trigger_type in seen:
        subscribe(trigger_type)

    async def subscribed():
        topics = await b.call("engine::queue::list_topics", {})
        assert [row["subscriber_count"] for row in topics if row["name"] == topic] == [2], topics

    await eventually(subscribed)
    assert await b.call("iii::durable::publish", {"topic": topic, "data": {"n": 1}}) is None

    def delivered():
        assert all(messages == [{"n": 1}, {"n": 1}] for messages in seen.values()), seen

    await eventually(delivered)
    if not hasattr(b, "enqueue"):
        return "without the action"

    jobs = []

    async def job(data):
        jobs.append(data)

    a.register(bench.id("job"), job)
    receipt = await b.enqueue("default", bench.id("job"), {"n": 2})
    assert re.fullmatch("[0-9a-f-]{36}", getattr(receipt, "messageReceiptId", None) or receipt["messageReceiptId"])

    def done():
        assert jobs == [{"n": 2}], jobs

    await eventually(done)
    try:
        await b.enqueue("nowhere", bench.id("job"), {})
        raise AssertionError("enqueued")
    except Exception as error:
        assert "not found" in str(error), error
    await asyncio.sleep(0.2)
    delivered()
    done()


SCENARIOS = {"queue": queue}
