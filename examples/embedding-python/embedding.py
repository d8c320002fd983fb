"""Text embeddings: a sentence-transformers model when one is named, else a hash of words and their parts."""

import hashlib
import math
import os
import re

DIMENSIONS = 256


class HashModel:
    """Needs no download: each feature of the text adds or subtracts one in a slot that its hash chooses."""

    name = f"hash-{DIMENSIONS}"

    def embed(self, text):
        vector = [0.0] * DIMENSIONS
        for feature in self._features(text.lower()):
            digest = hashlib.blake2b(feature.encode(), digest_size=8).digest()
            sign = 1.0 if digest[7] & 1 else -1.0
            vector[int.from_bytes(digest[:4], "big") % DIMENSIONS] += sign
        length = math.sqrt(sum(x * x for x in vector)) or 1.0
        return [x / length for x in vector]

    @staticmethod
    def _features(text):
        for word in re.findall(r"\w+", text):
            yield word
            padded = f" {word} "
            yield from (padded[i : i + 3] for i in range(len(padded) - 2))


class TransformerModel:
    """A model of sentence-transformers, named by EMBEDDING_MODEL and found on this machine."""

    def __init__(self, name):
        from sentence_transformers import SentenceTransformer

        self.name = name
        self._model = SentenceTransformer(name)

    def embed(self, text):
        return [float(x) for x in self._model.encode(text, normalize_embeddings=True)]


def load_model():
    name = os.environ.get("EMBEDDING_MODEL")
    if not name:
        return HashModel()
    try:
        return TransformerModel(name)
    except Exception as error:  # no library, no such model, no network: the fallback serves, and says why
        print(f"model {name!r} is not available ({error}); embeddings are hashes", flush=True)
        return HashModel()


def similarity(a, b):
    """The cosine of two vectors of one model; both have length 1 or are empty texts."""
    if len(a) != len(b):
        raise ValueError(f"vectors of {len(a)} and {len(b)} numbers cannot be compared")
    return sum(x * y for x, y in zip(a, b))
