"""A program that records treatments as fast as it can: `python -m ... FIRST COUNT SAMPLES`.

Run by `concurrent.py`, several at once on one database. Prints the ids of its records.
"""

import sys

from host_controller.records.recorder import Recorder
from tests.host_controller.records.made_up import treatment


def main(first: str, count: str, samples: str) -> int:
    for number in range(int(first), int(first) + int(count)):
        recorder = Recorder()
        recorder.open()
        fields = {"client": f"C-{number:04d}", "session_id": number}
        seen = recorder.seen_heads()
        for entry in treatment(recorder.record_id, samples=int(samples), seen=seen, **fields):
            rest = {k: v for k, v in entry.items() if k not in ("type", "schema", "record_id")}
            rest.pop("time")
            recorder.add(entry["type"], **rest)
            recorder.settle()
        recorder.close()
        print(recorder.record_id, flush=True)
        for problem in recorder.problems:
            print(f"{problem.number} {problem.cause}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
