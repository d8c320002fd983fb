"""Runs the scenarios named by III_SCENARIOS (comma separated) in that order against the engine at III_URL.

Prints one JSON line for each. `HARNESS <wish>` on stdout asks the harness for something; it answers with a line on
stdin.
"""

import asyncio
import json
import os
import sys
import time
import traceback

from client import open_client
from scenarios import SCENARIOS

DEADLINE_SECONDS = 75
# The restart comes when all drivers wait for it.
RESTART_DEADLINE_SECONDS = 600


class Bench:
    def __init__(self):
        self.name = self.path = os.environ["III_RUN"]
        self.http_url = os.environ["III_HTTP_URL"]
        self.proxy_url = os.environ.get("III_PROXY_URL")
        self.legacy_lists = os.environ.get("III_LEGACY_LISTS") == "true"
        self.a = self.b = None

    async def connect(self):
        url = os.environ["III_URL"]
        self.a = await open_client(url, f"{self.name}-a", quiet=False)
        self.b = await open_client(url, f"{self.name}-b")

    def id(self, name):
        return f"{self.name}::{name}"

    async def harness(self, wish):
        print(f"HARNESS {wish}", flush=True)
        await asyncio.to_thread(sys.stdin.readline)


async def main():
    bench = Bench()
    await asyncio.wait_for(bench.connect(), 30)
    failed = 0
    for name in os.environ["III_SCENARIOS"].split(","):
        began = time.monotonic()
        ok, detail = True, None
        try:
            deadline = RESTART_DEADLINE_SECONDS if name == "restart" else DEADLINE_SECONDS
            detail = await asyncio.wait_for(SCENARIOS[name](bench), deadline)
        except Exception:
            ok, detail = False, traceback.format_exc(limit=-3)
            failed += 1
        millis = round(1000 * (time.monotonic() - began))
        line = {"sdk": os.environ["III_SDK"], "scenario": name, "ok": ok, "ms": millis}
        if isinstance(detail, str):
            line["detail"] = detail
        print(json.dumps(line), flush=True)
    for client in (bench.a, bench.b):
        try:
            await asyncio.wait_for(client.close(), 5)
        except Exception:  # a failing good-bye is not what is measured
            pass
    sys.stdout.flush()
    os._exit(1 if failed else 0)  # SDK threads must not keep the process


asyncio.run(main())
