"""Walks every reachable (state, memory) to a fixed point and looks at every fact set on the way.

A node is a state of the table with what the world remembers and two notes of history that only
the model keeps. `Exploration` holds the graph, the numbers, and the first broken property with the
shortest way to it. The table comes in as a function, so that planted bugs can be explored too.
"""

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from firmware.safety.transitions import ACTION_CLEAR, COLUMN_ACTION, COLUMN_NEXT
from tests.safety_model.environment import KEPT, kept_words, remembered, ticks
from tests.safety_model.facts import (
    ARM_BUTTON,
    ARM_HOST,
    ARMED,
    BOOT,
    BUTTON_STOP,
    FAULT,
    PARKING,
    POSITIONING,
    PRESS,
    RUNNING,
    STATES,
    STOP,
    words,
)
from tests.safety_model.properties import violation

Row = tuple[int, int, int, int, int, int]
Table = Callable[[int, int], Row | None]

# Notes of history, beside the memory of the world.
ARM_ASKED = 1 << 31  # somebody asked to arm since the pen was last below ARMED
BY_THUMB = 1 << 32  # the run that is being parked was ended by the operator's own stop alone

_TELLING = KEPT | BUTTON_STOP | PRESS | ARM_HOST | ARM_BUTTON  # facts that outlive their tick


class Node(NamedTuple):
    """A state of the table, and everything that is remembered."""

    state: int
    memory: int


class Outcome(NamedTuple):
    """What a word of facts leads to; many words share one."""

    facts: int
    after: int
    clears: bool


class Exploration:
    """`run` walks it; afterwards read the attributes."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._outcomes: dict[tuple[int, int], set[Outcome]] = {}
        # What the table answered, by state and fact set: state after and action.
        self.answers: list[dict[int, tuple[int, int]]] = [{} for _ in STATES]
        self.rows_taken: set[Row] = set()
        self.edges: dict[Node, set[Node]] = {}
        self.came_from: dict[Node, tuple[Node | None, int]] = {}
        self.broken = ""  # the first property that does not hold
        self.path: list[str] = []  # and the shortest way to it

    def run(self) -> "Exploration":
        """From power-up to the fixed point, or to the first broken property."""
        start = Node(BOOT, 0)
        self.came_from[start] = (None, 0)
        waiting = deque([start])
        while waiting and not self.broken:
            node = waiting.popleft()
            found = self.edges[node] = set()
            for word in kept_words(node.state, node.memory):
                for outcome in self._outcomes_of(node, word):
                    for after in self._after(node, outcome):
                        found.add(after)
                        if after not in self.came_from:
                            self.came_from[after] = (node, outcome.facts)
                            waiting.append(after)
                    if self.broken:
                        return self
        return self

    @property
    def sets(self) -> int:
        """Different (state, fact set) that the table was asked."""
        return sum(map(len, self.answers))

    def nodes(self, *states: int) -> set[Node]:
        """Reached nodes in any of `states` (all without)."""
        return {node for node in self.came_from if not states or node.state in states}

    def _outcomes_of(self, node: Node, word: int) -> set[Outcome]:
        key = (node.state, word)
        if key not in self._outcomes:
            self._outcomes[key] = {self._ask(node, facts) for facts in ticks(node.state, word)}
        return self._outcomes[key]

    def _ask(self, node: Node, facts: int) -> Outcome:
        """Ask the table once, and look whether the tick is as it should be."""
        state = node.state
        row = self._table(state, facts)
        after, action = state, 0
        if row is not None:
            self.rows_taken.add(row)
            after, action = row[COLUMN_NEXT], row[COLUMN_ACTION]
        self.answers[state][facts] = (after, action)
        wrong = violation(state, facts, after, action)
        if wrong:
            self._break(wrong, node, facts, after)
        return Outcome(facts & _TELLING, after, action == ACTION_CLEAR)

    def _after(self, node: Node, outcome: Outcome) -> list[Node]:
        facts, after, clears = outcome
        state = node.state
        history = node.memory & (ARM_ASKED | BY_THUMB)
        if after < ARMED or after > PARKING:
            history = 0
        elif after == ARMED and state < ARMED:
            history = ARM_ASKED if facts & (ARM_HOST | ARM_BUTTON) else 0
        if after == PARKING and state != PARKING:
            history &= ~BY_THUMB
            if facts & BUTTON_STOP:
                history |= BY_THUMB
        if facts & (FAULT | STOP):
            history &= ~BY_THUMB
        if after in (POSITIONING, RUNNING) and not history & ARM_ASKED:
            self._break("needles out though nobody asked to arm", node, facts, after)
        if after == ARMED and state == PARKING and not history & BY_THUMB:
            self._break("armed again after another stop than the thumb's", node, facts, after)
        kept = remembered(state, node.memory, facts, after, clears)
        return [Node(after, memory | history) for memory in kept]

    def _break(self, wrong: str, node: Node, facts: int, after: int) -> None:
        if self.broken:
            return
        self.broken = wrong
        steps = [(node.state, facts, after)]
        at: Node | None = node
        while at is not None:
            before, by = self.came_from[at]
            if before is not None:
                steps.append((before.state, by, at.state))
            at = before
        for state, seen, reached in reversed(steps):
            self.path.append(f"{STATES[state]} --[{words(seen)}]--> {STATES[reached]}")


def backwards(edges: dict[Node, set[Node]], goals: set[Node]) -> dict[Node, int]:
    """For every node from which a goal can be reached: in how many ticks at least."""
    into: dict[Node, list[Node]] = {}
    for node, others in edges.items():
        for other in others:
            into.setdefault(other, []).append(node)
    distance = dict.fromkeys(goals, 0)
    waiting = deque(goals)
    while waiting:
        node = waiting.popleft()
        for before in into.get(node, ()):
            if before not in distance:
                distance[before] = distance[node] + 1
                waiting.append(before)
    return distance
