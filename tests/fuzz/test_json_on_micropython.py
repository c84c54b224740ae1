"""JSON from a stranger on the pen's interpreter: an object of plain values, or ValueError.

What is JSON means there what it means here. The pen's parser forgives more ({"a" 1,} is {"a":1}),
which harms nobody: what comes of it is still an object with names of text.
"""

import subprocess
from pathlib import Path
from random import Random

from protocol import codec
from tests.conftest import SEED
from tests.fuzz.corpus import inputs
from tests.fuzz.pen_requests import WORDS

ROOT = Path(__file__).resolve().parents[2]
DRAWN = 3000


def payloads() -> list[bytes]:
    """The kept ones, damaged ones, and words of JSON in any order."""
    random = Random(f"json {SEED}")
    kept = [*inputs("json_object").values(), *inputs("greeting").values()]
    found = list(kept)
    for _ in range(DRAWN):
        if random.random() < 0.5:
            data = bytearray(random.choice(kept))
            for _ in range(random.randrange(1, 4)):
                data[random.randrange(len(data))] = random.randrange(32, 127)
            found.append(bytes(data))
        else:
            words = b"".join(random.choices(WORDS, k=random.randrange(1, 10)))
            found.append((b"{" + words + b"}")[:240])
    return found


def outcome(payload: bytes) -> str:
    try:
        found = codec.unpack_json(payload)
    except ValueError:
        return "refused"
    pairs = sorted((key, str(value)) for key, value in found.items())
    told = ",".join(f"{key}={value}".encode("utf-8", "surrogatepass").hex() for key, value in pairs)
    return f"taken {told}".rstrip()


def test_what_is_json_means_the_same_on_both(each_micropython: Path) -> None:
    sent = payloads()
    done = subprocess.run(
        [each_micropython, "-X", "heapsize=192k", "tests/fuzz/json_on_micropython.py"],
        cwd=ROOT,
        input="\n".join(data.hex() for data in sent) + "\n",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    there = done.stdout.splitlines()
    assert len(there) == len(sent)
    differ = [
        (data, said, outcome(data))
        for data, said in zip(sent, there, strict=True)
        if outcome(data) not in ("refused", said.rstrip())
    ]
    assert differ == []
    assert sum(said != "refused" for said in there) > 50
