"""Byte pipes to a pen, chosen by URL; `open_transport` is the one way in.

    socket://HOST:PORT     a simulated pen, or a pen behind a network bridge
    replay://FILE          a recorded trace instead of a pen
    rfc2217://, loop://    whatever else pyserial knows
    /dev/ttyACM0, COM5     a serial port

Owns no state.
"""

from host_controller.transport.base import Transport


def open_transport(url: str) -> Transport:
    """Open `url` and return the transport; raises a PenError that tells the cause."""
    scheme = url.split("://", 1)[0].lower() if "://" in url else ""
    if scheme == "socket":
        from host_controller.transport.tcp import TcpTransport

        return TcpTransport(url)
    if scheme == "replay":
        from host_controller.transport.replay import ReplayTransport

        return ReplayTransport(url)
    from host_controller.transport.serial_port import SerialTransport

    return SerialTransport(url)


__all__ = ["Transport", "open_transport"]
