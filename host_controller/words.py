"""Numbers as people read them: leading zero, fixed decimals, unit. Owns no state."""

from datetime import UTC, date, datetime, timedelta

_CARTRIDGE_EPOCH = date(2000, 1, 1)


def mm(depth_um: int) -> str:
    """Depth, for example 0.50 mm."""
    return f"{depth_um / 1000:.2f} mm"


def hz(rate_chz: int, decimals: int = 1) -> str:
    """Stroke rate, for example 90.0 Hz."""
    return f"{rate_chz / 100:.{decimals}f} Hz"


def celsius(temperature_cdeg: int) -> str:
    """Temperature, for example 29.5 °C."""
    return f"{temperature_cdeg / 100:.1f} °C"


def volts(voltage_mv: int) -> str:
    """Voltage, for example 3.92 V."""
    return f"{voltage_mv / 1000:.2f} V"


def minutes(elapsed_ms: int) -> str:
    """Time, for example 1:05."""
    seconds = elapsed_ms // 1000
    return f"{seconds // 60}:{seconds % 60:02d}"


def day(days: int) -> str:
    """Date of a cartridge's day number."""
    return (_CARTRIDGE_EPOCH + timedelta(days=days)).isoformat()


def moment(unix_s: int) -> str:
    """Time stamp of the pen's log, "clock not set" for 0."""
    if not unix_s:
        return "clock not set"
    return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def pins(count: int) -> str:
    """Cartridge type."""
    return f"{count} pins" if count else "nano"
