import asyncio
import inspect
import time


async def eventually(attempt, seconds=10.0):
    """Repeats `attempt` (plain or async) until it stops raising; after `seconds` the last error is the answer."""
    end = time.monotonic() + seconds
    while True:
        try:
            result = attempt()
            return await result if inspect.isawaitable(result) else result
        except Exception:
            if time.monotonic() > end:
                raise
            await asyncio.sleep(0.05)
