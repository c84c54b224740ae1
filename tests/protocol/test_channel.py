"""Over a line that loses, damages, delays and repeats: at most once, in order, never mixed up."""

import json
import subprocess
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from protocol import responder_link
from protocol.responder_link import ResponderLink
from tests.conftest import SEED
from tests.protocol import channel
from tests.protocol.channel import Conversation

ROOT = Path(__file__).resolve().parents[2]
PERCENT = st.integers(0, 45)


@given(
    seed=st.integers(0, 30000),
    loss=PERCENT,
    damage=PERCENT,
    repeats=st.integers(0, 100),
    delay_ms=st.integers(0, 250),
)
@example(seed=1, loss=0, damage=0, repeats=100, delay_ms=250)
@example(seed=2, loss=45, damage=45, repeats=100, delay_ms=250)
def test_at_most_once_and_in_order(
    seed: int, loss: int, damage: int, repeats: int, delay_ms: int
) -> None:
    conversation = Conversation(seed, loss, damage, repeats, delay_ms)
    if conversation.hello():
        conversation.run(15, 4)
    assert channel.wrong(conversation) == ""


@given(seed=st.integers(0, 30000), delay_ms=st.integers(0, 20))
def test_a_good_line_delivers_everything_at_the_first_attempt(seed: int, delay_ms: int) -> None:
    conversation = Conversation(seed, 0, 0, 0, delay_ms)
    assert conversation.hello()
    conversation.run(260, 1)  # more than once round the sequence
    assert conversation.executed == conversation.answered == list(range(1, 261))
    assert conversation.host.statistics.retries == 0


@given(seed=st.integers(0, 30000))
def test_a_bad_line_delivers_everything_in_the_end(seed: int) -> None:
    conversation = Conversation(seed, 20, 20, 20, 30)
    assert conversation.hello()
    conversation.run(30, 100)
    assert conversation.executed == conversation.answered == list(range(1, 31))


@given(seed=st.integers(0, 30000))
def test_stop_gets_through_a_bad_line(seed: int) -> None:
    conversation = Conversation(seed, 30, 20, 0, 30)
    assert conversation.stop()  # even before HELLO
    assert conversation.stops >= 1


def test_the_check_sees_a_pen_that_forgets() -> None:
    conversation = Conversation(3, 30, 0, 0, 30)
    conversation.pen._repetition = conversation.pen._execute
    conversation.hello()
    conversation.run(30, 20)
    assert channel.wrong(conversation) == "executed twice"


def worst(weaken) -> set[str]:
    """What goes wrong over lines with many late copies when the pen is weakened."""
    found = set()
    for seed in range(60):
        conversation = Conversation(seed, 30, 0, 100, 30)
        weaken(conversation.pen)
        if conversation.hello():
            conversation.run(15, 20)
        found.add(channel.wrong(conversation))
    return found


def test_late_copies_do_no_harm() -> None:
    assert worst(lambda pen: None) == {""}


def test_they_would_without_the_half_circle(monkeypatch) -> None:
    monkeypatch.setattr(responder_link, "_STALE", 256)
    assert "executed twice" in worst(lambda pen: None)


def test_they_would_without_the_nonce() -> None:
    def forget(pen: ResponderLink) -> None:
        opens = pen._opens

        def always() -> bool:
            pen._nonce = -2
            return opens()

        pen._opens = always

    assert "executed twice" in worst(forget)


def test_micropython_does_exactly_the_same(each_micropython: Path, capsys) -> None:
    arguments = ["25", str(SEED)]
    channel.main(arguments)
    ours = json.loads(capsys.readouterr().out)
    done = subprocess.run(
        [each_micropython, "-X", "heapsize=512k", "tests/protocol/channel.py", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ours
    assert ours[0] == []
    assert ours[1] > 100
