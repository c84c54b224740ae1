"""How a pen is recognised among USB devices: by what it calls itself.

Raspberry Pi asks makers of plain serial devices to keep its vendor and product number, so those
numbers are shared with thousands of other boards; the strings are ours. Owns no state.
"""

PEN_MANUFACTURER = "Open Microneedling Pen"
PEN_PRODUCT = "Microneedling Pen"

RASPBERRY_PI_VENDOR = 0x2E8A
RP2040_BOOT_PRODUCT = 0x0003  # the boot loader's disk: firmware is missing
MICROPYTHON_PRODUCT = 0x0005  # any RP2040 board with MicroPython


def is_pen(product: str | None, manufacturer: str | None) -> bool:
    """True when a device's own strings say it is a pen (some systems hide one of them)."""
    return PEN_PRODUCT.lower() in (product or "").lower() or (
        PEN_MANUFACTURER.lower() in (manufacturer or "").lower()
    )
