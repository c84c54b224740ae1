"""The date where this computer is. Owns no state; everybody who needs today asks here."""

from datetime import date, datetime


def today() -> date:
    """Today, by the computer's own clock and time zone."""
    return datetime.now().astimezone().date()
