"""Every fault the plant can have, as plain attributes: set one and it is there, set it back: gone.

Owns nothing but the switches. `active` tells `Pen` in one look whether any is set, so that a
healthy pen pays nothing for them.
"""

from typing import Any

_HEALTHY: dict[str, Any] = {
    # Bridge and enable chain.
    # 1: one high-side transistor shorted: full forward while driven with enable high; braking, also
    #    by a low enable, trips the bridge, which opens: coasts.
    # 2: both transistors of the forward path shorted: full forward whatever enable says.
    "driver_short": 0,
    "bridge_open": False,  # motor wire off
    "pwm_stuck": None,  # duty (-5000..5000) that the bridge gets, whatever is commanded
    "countdown_stuck": False,  # PIO line stuck high: enable no longer expires by it
    "watchdog_stuck": False,  # external watchdog's output stuck high
    "watchdog_dead": False,  # external watchdog's output stuck low
    "enable_sense_stuck": None,  # read-back of enable stuck at 0 or 1
    "stall_stuck": None,  # stall output stuck at 0 or 1
    "boost_dead": False,  # boost converter never starts
    # Needle motor.
    "cam_jammed": False,
    "friction_nm": 0.0,  # more friction: fluid, worn seal
    "tach_lost": False,  # encoder unplugged: no pulses, no index, level 0
    "tach_stuck": False,  # pulses stop, the index goes on
    "tach_drop_share": 0.0,  # this share of pulses is missing
    "tach_noise_hz": 0.0,  # spurious pulses at this mean rate
    "index_stuck": None,  # index level stuck at 0 or 1, no edges
    # Analogue inputs: None, or the 12-bit code it is stuck at (0 and 4095 are the rails).
    "current_code": None,
    "hall_code": None,
    "ntc_code": None,
    "battery_code": None,
    "ntc_open": False,
    "ntc_shorted": False,
    "adc_frozen": False,  # the converter repeats its last codes
    "hall_drift_um": 0.0,
    # Depth stage.
    "depth_jammed": False,
    "depth_coils_off": False,  # driver dead: the coils get no current
    "depth_slip_wells": 0,  # one shot: thrown this many times eight half steps, then back at 0
    "home_open": False,  # never says home
    "home_shorted": False,  # always says home
    # Cartridge.
    "cartridge_out_ms": 0.0,  # one shot: contact open for this long from now, then back at 0
    "memory_dead": False,  # the cartridge's memory does not answer
    # Person's side.
    "button_stuck": None,  # button level stuck at 0 or 1
    "button_bouncing": False,  # chatters for ever
    # Supply.
    "battery_sag_v": 0.0,
    "battery_resistance_factor": 1.0,
    "supply_cut": False,  # no power at all: the processor is dead, the countdown runs out
}

NAMES = tuple(_HEALTHY)


class Faults:
    """The switches; every name of `NAMES` is an attribute."""

    active: bool

    def __init__(self) -> None:
        self.__dict__.update(_HEALTHY)
        self.__dict__["active"] = False

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in _HEALTHY:
            raise AttributeError(f"The plant has no fault {name!r}; it has {', '.join(NAMES)}.")
        self.__dict__[name] = value
        self.__dict__["active"] = True  # until the plant has seen the change, healing included

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"The plant has no fault {name!r}; it has {', '.join(NAMES)}.")

    def clear(self) -> None:
        """Heal everything."""
        self.__dict__.update(_HEALTHY)
        self.__dict__["active"] = True

    def present(self) -> dict[str, Any]:
        """The faults that are set, with their values."""
        return {
            name: self.__dict__[name]
            for name, healthy in _HEALTHY.items()
            if self.__dict__[name] != healthy
        }

    def settle(self) -> None:
        """The plant has taken the present switches in: healthy again if none is set."""
        self.__dict__["active"] = bool(self.present())
