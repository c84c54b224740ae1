"""Counts the strokes of a run, as the plant makes them: what the pen's record is compared with.

Owns its counters.
"""

from hardware.simulator.bench import Bench

PARKS_MS = 250  # at most: a supply or processor that ends so soon after a stroke ended a run
REST_MS = 50  # without a stroke for so long, the next one belongs to another run


class Tally:
    """Strokes, those that went into skin, runs, and those that a dead processor cut short."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.in_skin = 0
        self.strokes = 0
        self.runs = 0
        self.cut_short = 0
        self._alive = False
        self._seen = 0
        self._punctures = 0
        self._rest_ms = REST_MS + 1

    def step(self) -> None:
        """One millisecond has passed."""
        truth = self.bench.truth
        alive = self.bench._alive
        self.cut_short += self._alive and not alive and self._rest_ms <= PARKS_MS
        self._alive = alive
        if truth.strokes == self._seen:
            self._rest_ms += 1
            return
        new = truth.strokes - self._seen
        self._seen = truth.strokes
        self.runs += self._rest_ms > REST_MS
        self._rest_ms = 0
        self.strokes += new
        if truth.punctures != self._punctures:
            self._punctures = truth.punctures
            self.in_skin += new
