"""Makes a failing script short: takes out every event that the failure does not need. Owns nothing.

Greedy: first large pieces, then single events, until no single event can go; then the run is cut
off after the failure. What is kept is what still breaks the same promise.
"""

from collections.abc import Callable
from dataclasses import replace

from tests.campaign.script import Script

Fails = Callable[[Script], bool]

AFTER_MS = 300


def shrink(script: Script, fails: Fails) -> Script:
    """The shortest script found that `fails`; `script` must fail itself."""
    piece = max(1, len(script.events) // 2)
    while True:
        smaller = _without_pieces(script, piece, fails)
        if piece == 1 and smaller is script:
            return _cut_off(script, fails)
        script = smaller
        piece = max(1, min(piece // 2, len(script.events) // 2))


def _without_pieces(script: Script, piece: int, fails: Fails) -> Script:
    """Try to take out each piece once, from the end, where the consequences are."""
    begin = len(script.events) - piece
    while begin > -piece and script.events:
        numbers = set(range(max(begin, 0), min(begin + piece, len(script.events))))
        candidate = script.without(numbers)
        if numbers and fails(candidate):
            script = candidate
        begin -= piece
    return script


def _cut_off(script: Script, fails: Fails) -> Script:
    """End soon after the last event, if that still fails."""
    last_ms = max((event.at_ms for event in script.events), default=0)
    candidate = replace(script, lasts_ms=min(script.lasts_ms, last_ms + AFTER_MS))
    return candidate if candidate != script and fails(candidate) else script
