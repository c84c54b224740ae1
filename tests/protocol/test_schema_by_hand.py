"""The table of the wire once more, as text: nothing in it changes unnoticed.

One message: its number in hex, its name, the edition it came with; then what a request (>), its
response (<) or an event (!) carries: name, code, unit if any, lowest..highest. Pens and hosts in
use speak by it: a row may be added here with the table, none may change.
"""

import re
import struct

import pytest

from protocol import layout as layouts
from protocol import messages, schema
from protocol.layout import Layout

TABLE = """
01 HELLO since 1 fixed
  > struct: schema 8s 8..8, nonce I 0..4294967295
  < json: product text 1..24, serial text 1..24, firmware text 1..24, schema text 8..8,
      library text 0..16, capabilities list 0..8
02 STOP since 1 fixed
  > struct:
  < struct:
03 UPDATE since 1 fixed
  > struct: operation B 0..255, offset I B 0..4294967295, data * 0..235
  < struct: state B 0..255, offset I B 0..4294967295
10 KEEPALIVE since 1
  > struct:
  < struct:
11 PLAN_BEGIN since 1
  > struct: size H B 50..260, sha256 32s 32..32
  < struct:
12 PLAN_CHUNK since 1
  > struct: offset H B 0..260, data * 1..238
  < struct: next_offset H B 0..260
13 PLAN_COMMIT since 1
  > struct:
  < struct:
14 PLAN_INFO since 1
  > struct:
  < struct: sha256 32s 32..32, session_id I 0..4294967295, zone_count B 1..16, flags B 0..7,
      pins B 0..36, needle_um H um 0..65535, library_id 8s 8..8, name 16s 16..16
15 SELECT_ZONE since 1
  > struct: zone B 0..255
  < struct:
16 ARM since 1
  > struct:
  < struct:
17 DISARM since 1
  > struct:
  < struct:
18 ACKNOWLEDGE since 1
  > struct: fault B 0..255
  < struct:
19 SELF_TEST since 1
  > struct:
  < json: passed integer 0..1, failed list 0..16
1a SETTINGS_GET since 1
  > struct: name * 0..32
  < json:
1b SETTINGS_SET since 1
  > json:
  < json:
1c FAULT_LOG since 1
  > struct: index H 0..65535
  < struct: number I 0..1073741823, unix_s I s 0..4294967295, t_ms I ms 0..1073741823,
      fault B 1..255, state B 0..8, zone B 0..255, battery_pct B % 0..100,
      conditions I 0..1073741823, session_id I 0..4294967295,
      rate_set_chz H 0.01_Hz 0..65535, rate_chz H 0.01_Hz 0..65535,
      depth_set_um H um 0..2600, depth_um h um -32768..32767, current_ma h mA -32768..32767,
      supply_mv H mV 0..65535, temperature_cdeg h 0.01_C -32768..32767,
      duty h 1/5000 -5000..5000
1d USAGE_LOG since 1
  > struct: index H 0..65535
  < struct: number I 0..1073741823, unix_s I s 0..4294967295, session_id I 0..4294967295,
      cartridge_id 4s 4..4, zone B 0..255, passes B 0..6, stop_reason B 0..255,
      pins B 0..36, depth_set_um H um 0..2600, rate_set_chz H 0.01_Hz 0..65535,
      zone_ms I ms 0..1073741823, contact_ms I ms 0..1073741823, punctures I 0..1073741823,
      punctures_per_cm2 H 1/cm2 0..65535
1e LIMITS since 1
  > struct: zone B 0..255
  < struct: zone B 1..255, cap_um H um 0..2500, override_max_um H um 0..2500,
      rate_min_chz H 0.01_Hz 0..65535, rate_floor_chz H 0.01_Hz 0..65535,
      rate_max_chz H 0.01_Hz 0..65535, time_max_s H s 0..65535,
      dose_max_per_cm2 H 1/cm2 0..65535, passes_max B 0..6, lease_ms H ms 0..65535,
      arm_s H s 0..65535
1f CARTRIDGE since 1
  > struct:
  < struct: cartridge_id 4s 4..4, type B 0..255, pins B 0..36, needle_um H um 0..65535,
      lot 8s 8..8, expiry_day H d 0..65535, used_session_id I 0..4294967295, result B 0..255
20 SET_CLOCK since 1
  > struct: unix_s I s 946684800..4294967295
  < struct:
21 TELEMETRY_RATE since 1
  > struct: rate_hz B Hz 0..200
  < struct:
22 STATUS since 1
  > struct:
  < struct: counter H 0..65535, t_ms I ms 0..1073741823, state B 0..8, fault B 0..255,
      stop_reason B 0..255, zone B 0..255, pass_number B 0..6, battery_pct B % 0..100,
      conditions I 0..1073741823, rate_set_chz H 0.01_Hz 0..65535,
      rate_chz H 0.01_Hz 0..65535, depth_set_um H um 0..2600, depth_um h um -32768..32767,
      current_ma h mA -32768..32767, supply_mv H mV 0..65535,
      temperature_cdeg h 0.01_C -32768..32767, duty h 1/5000 -5000..5000,
      zone_ms I ms 0..1073741823, contact_ms I ms 0..1073741823, punctures I 0..1073741823,
      punctures_per_cm2 H 1/cm2 0..65535, ticks_late H 0..65535, frames_bad H 0..65535
40 TELEMETRY since 1
  ! struct: counter H 0..65535, t_ms I ms 0..1073741823, state B 0..8, fault B 0..255,
      stop_reason B 0..255, zone B 0..255, pass_number B 0..6, battery_pct B % 0..100,
      conditions I 0..1073741823, rate_set_chz H 0.01_Hz 0..65535,
      rate_chz H 0.01_Hz 0..65535, depth_set_um H um 0..2600, depth_um h um -32768..32767,
      current_ma h mA -32768..32767, supply_mv H mV 0..65535,
      temperature_cdeg h 0.01_C -32768..32767, duty h 1/5000 -5000..5000,
      zone_ms I ms 0..1073741823, contact_ms I ms 0..1073741823, punctures I 0..1073741823,
      punctures_per_cm2 H 1/cm2 0..65535, ticks_late H 0..65535, frames_bad H 0..65535
41 NOTICE since 1
  ! struct: counter H 0..65535, t_ms I ms 0..1073741823, state B 0..8, previous B 0..8,
      stop_reason B 0..255, fault B 0..255, zone B 0..255
"""

ROLES = {">": "request", "<": "response", "!": "event"}
FIELD = re.compile(r"(\w+) (\*|\w+)(?: (\S+))? (-?\d+)\.\.(-?\d+)")


def parts() -> dict[str, dict[str, object]]:
    """Message by name: its number, edition and what each role carries."""
    found: dict[str, dict[str, object]] = {}
    one: dict[str, object] = {}
    rows: list[tuple[object, ...]] = []
    for line in TABLE.strip().splitlines():
        if not line.startswith(" "):
            number, name, _, since, *fixed = line.split()
            one = {"number": int(number, 16), "since": int(since), "fixed": bool(fixed)}
            found[name] = one
            continue
        mark, _, rest = line.strip().partition(" ")
        if mark in ROLES:
            kind, _, rest = rest.partition(":")
            rows = []
            one[ROLES[mark]] = (kind, rows)
        else:
            rest = line
        for name, code, unit, low, high in FIELD.findall(rest):
            rows.append((name, code, unit.replace("_", " "), int(low), int(high)))
    return found


BY_HAND = parts()


def carried(layout: Layout | None) -> object:
    return None if layout is None else (layout.kind, list(layout.fields))


def test_every_message_is_there_in_its_order() -> None:
    assert [message.name for message in schema.MESSAGES] == list(BY_HAND)


@pytest.mark.parametrize("name", BY_HAND)
def test_a_message_carries_what_it_always_carried(name: str) -> None:
    by_hand = BY_HAND[name]
    number = by_hand["number"]
    message = schema.BY_NUMBER[number]  # type: ignore[index]
    assert message.name == name
    assert message.number == number == getattr(messages, name)
    assert (message.since, message.fixed) == (by_hand["since"], by_hand["fixed"])
    for role in ROLES.values():
        assert carried(getattr(message, role)) == by_hand.get(role)


@pytest.mark.parametrize("name", BY_HAND)
def test_a_message_has_the_lengths_that_its_fields_make(name: str) -> None:
    message = schema.BY_NUMBER[BY_HAND[name]["number"]]  # type: ignore[index]
    for role in ROLES.values():
        layout = getattr(message, role)
        if layout is None:
            continue
        codes = [field[1] for field in layout.fields]
        tails = [field[3:] for field in layout.fields if field[1] == "*"]
        if layout.kind == "json":
            codes, tails = [], [(2, 240)]
        assert layout.format == "<" + "".join(code for code in codes if code != "*")
        assert layout.size == struct.calcsize(layout.format)
        low, high = tails[0] if tails else (0, 0)
        assert (layout.tail_low, layout.tail_high) == (low, high)
        lengths = [size for size in range(300) if layout.fits(size)]
        assert lengths == list(range(layout.size + low, layout.size + high + 1))


@pytest.mark.parametrize(("code", "size"), [("B", 1), ("b", 1), ("H", 2), ("h", 2), ("I", 4),
                                            ("i", 4), ("4s", 4), ("32s", 32)])  # fmt: skip
def test_sizes_of_codes(code: str, size: int) -> None:
    assert layouts.code_size(code) == size == struct.calcsize("<" + code)


def test_a_row_says_since_when_it_is_there() -> None:
    row = layouts.Message(9, "X", since=3)
    assert (row.number, row.name, row.since, row.fixed) == (9, "X", 3, False)
    assert layouts.Message(9, "X").since == 1


def test_a_refusal_carries_its_reason_and_three_numbers() -> None:
    most = 2147483647
    assert carried(schema.ERROR_REPLY) == (
        "struct",
        [
            ("result", "B", "", 1, 255),
            ("context", "B", "", 0, 255),
            ("value", "i", "", -most, most),
            ("low", "i", "", -most, most),
            ("high", "i", "", -most, most),
        ],
    )


def test_numbers_that_the_table_is_made_with() -> None:
    assert schema.EDITION == 1
    assert (schema.U8, schema.U16, schema.U30) == (255, 65_535, 1_073_741_823)
    assert (schema.U32, schema.I32) == (4_294_967_295, 2_147_483_647)
    assert (schema.I16_LOW, schema.I16) == (-32_768, 32_767)
    assert (schema.PLAN_BYTES_MIN, schema.PLAN_BYTES_MAX) == (50, 260)
    assert carried(schema.NOTHING) == ("struct", [])
