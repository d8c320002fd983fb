"""Serves `embedding::generate` (also as POST /embed) and `embedding::similarity`."""

import os
import signal
import threading

from embedding import load_model, similarity
from iii import InitOptions, register_worker

TEXT_OR_FILE = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "description": "The text to embed"},
        "path": {"type": "string", "description": "Or a file, read by calling tool::file_read"},
    },
}
NUMBERS_OR_TEXT = {"description": "A text, or a vector made earlier", "type": ["string", "array"]}
PAIR = {"type": "object", "properties": {"a": NUMBERS_OR_TEXT, "b": NUMBERS_OR_TEXT}, "required": ["a", "b"]}

model = load_model()
iii = register_worker(os.environ.get("III_URL", "ws://localhost:49134"), InitOptions(worker_name="embedding"))


async def generate(request):
    # Called by POST /embed the request is the body of an HTTP request; called by name it is the payload itself.
    by_http = "path_params" in request
    wanted = (request["body"] or {}) if by_http else request
    text = wanted.get("text")
    if text is None and "path" in wanted:
        # Served by the TypeScript worker.
        read = {"function_id": "tool::file_read", "payload": {"path": wanted["path"]}}
        text = (await iii.trigger_async(read))["content"]
    if not isinstance(text, str):
        if by_http:
            return {"status_code": 400, "body": {"error": "give `text` or `path`"}}
        raise ValueError("give `text` or `path`")
    answer = {"embedding": model.embed(text), "model": model.name}
    return {"status_code": 200, "body": answer} if by_http else answer


async def compare(request):
    a, b = (model.embed(v) if isinstance(v, str) else v for v in (request["a"], request["b"]))
    return {"similarity": similarity(a, b), "model": model.name}


iii.register_function(
    "embedding::generate", generate, description="Turns a text into a vector", request_format=TEXT_OR_FILE
)
iii.register_function(
    "embedding::similarity", compare, description="How alike two texts are, from -1 to 1", request_format=PAIR
)
iii.register_trigger(
    {"type": "http", "function_id": "embedding::generate", "config": {"api_path": "/embed", "http_method": "POST"}}
)

print(f"embeddings ({model.name}) are served", flush=True)
stop = threading.Event()
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda *_: stop.set())
stop.wait()
iii.shutdown()
