"""What the engineer's pages show: units of a snapshot, text that is no HTML, integers to draw."""

from host_controller.replies import FaultEntry, Reading
from host_controller.ui.catalogue import Texts
from host_controller.ui.engineer import parts, plots
from host_controller.ui.engineer.fault_tab import snapshot
from protocol import codes

ENTRY = FaultEntry(
    number=3,
    unix_s=1_790_000_000,
    t_ms=5250,
    fault=codes.FAULT_STALL,
    state=codes.STATE_RUNNING,
    zone=6,
    battery_pct=80,
    conditions=1 << codes.COND_HOMED | 1 << codes.COND_CONTACT,
    session_id=0xAB,
    rate_set_chz=11_000,
    rate_chz=0,
    depth_set_um=1000,
    depth_um=990,
    current_ma=700,
    supply_mv=3700,
    temperature_cdeg=3105,
    duty=-4000,
)


def test_a_snapshot_has_units() -> None:
    found = dict(snapshot(Texts("en"), ENTRY))
    assert found["Depth"] == "0.990 mm · set 1.000 mm"
    assert found["Rate"] == "0.00 Hz · set 110.00 Hz"
    assert found["Motor current"] == "700 mA"
    assert found["Bridge duty"] == "-80.0 %"
    assert found["Battery"] == "3.700 V · 80 %"
    assert found["Housing"] == "31.05 °C"
    assert found["Pen's clock"] == "5.250 s"
    assert found["Session"] == "000000ab"
    assert found["Conditions"] == "homed, contact"


def test_a_state_of_newer_firmware_is_a_number() -> None:
    assert dict(snapshot(Texts("en"), ENTRY._replace(state=99)))["State"] == "99"


def test_text_of_a_pen_is_no_html() -> None:
    nasty = "<img src=x onerror=alert(1)>"
    assert "<img" not in parts.table([nasty], [(parts.cell(nasty),)], nasty)
    assert "<img" not in parts.cell(nasty, "eng-mono")


def test_a_sample_is_nine_integers_in_the_pens_units() -> None:
    values = {name: number for number, name in enumerate(Reading._fields)}
    reading = Reading(**values)
    row = plots.row(reading)
    assert [Reading._fields[value] for value in row] == [
        "t_ms", "depth_um", "depth_set_um", "rate_chz", "rate_set_chz", "current_ma",
        "supply_mv", "temperature_cdeg", "state",
    ]  # fmt: skip
    for panel in plots.PANELS:
        assert 0 < panel[2] < len(row)
