"""Light and buzzer by state: written only when something changes."""

from firmware.hal.ports import Buzzer, Light
from firmware.indicator import BY_STATE, Indicator
from protocol import codes


class Shown(Light, Buzzer):
    def __init__(self) -> None:
        self.lights: list[tuple[int, ...]] = []
        self.tones: list[int] = []

    def set(self, *values: int) -> None:  # type: ignore[override]
        if len(values) == 3:
            self.lights.append(values)
        else:
            self.tones.append(values[0])


def run(
    state: int, conditions: int = 0, ms: int = 1000, brightness: int = 100, sounds: int = 1
) -> Shown:
    shown = Shown()
    indicator = Indicator(shown, shown)
    for t_ms in range(ms):
        indicator.poll(t_ms, state, conditions, brightness, sounds, 1)
    return shown


def test_every_state_has_a_light() -> None:
    assert len(BY_STATE) == len(codes.STATE_NAMES) + 2  # an update waits; the pen leaves, dark
    for state in range(len(codes.STATE_NAMES) + 1):
        assert any(run(state).lights[0])


def test_a_steady_light_is_written_once_and_a_blinking_one_at_each_change() -> None:
    assert len(run(codes.STATE_CONFIGURED).lights) == 1
    assert len(run(codes.STATE_ARMED, ms=1024).lights) == 4


def test_red_is_for_faults_alone() -> None:
    for state in range(len(BY_STATE)):
        red, green, blue = run(state).lights[0]
        assert ((red, green, blue) == (255, 0, 0)) == (state == codes.STATE_FAULT)


def test_a_warning_is_yellow_but_does_not_hide_a_fault() -> None:
    warning = 1 << codes.COND_BATTERY_WARN
    assert run(codes.STATE_RUNNING, warning).lights[0] == (255, 153, 0)
    assert run(codes.STATE_FAULT, warning).lights[0] == (255, 0, 0)


def test_brightness_is_the_setting() -> None:
    assert run(codes.STATE_FAULT, brightness=50).lights[0] == (127, 0, 0)


def test_a_tone_sounds_once_on_entering_and_ends() -> None:
    assert run(codes.STATE_FAULT).tones == [500, 0]
    assert run(codes.STATE_FAULT, sounds=0).tones == []
    assert run(codes.STATE_IDLE).tones == []
