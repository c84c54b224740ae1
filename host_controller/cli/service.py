"""`pen service`: leave the firmware for MicroPython's prompt, for whoever repairs a pen."""

from host_controller.cli.context import PenContext
from host_controller.cli.context import command as pen_command


@pen_command("service")
def command(shared: PenContext) -> None:
    """Leave the firmware for MicroPython's prompt.

    Take the cartridge out, switch the pen on with its button held down, keep it down for 5 s and
    run this. The pen then serves `mpremote`; drive-enable stays low until it is switched off.
    """
    from host_controller.flashing import leave
    from host_controller.flashing.world import World
    from protocol import messages

    url = shared.url()
    greeted = World().greet(url)
    try:
        greeted.client.request(messages.UPDATE, leave.SERVICE, 0, b"service")
    finally:
        greeted.close()
    if shared.out.as_json:
        shared.out.object("pen.service/1", {"serial_number": greeted.identity.serial, "url": url})
        return
    shared.out.line(f"pen {greeted.identity.serial} leaves its firmware; release the button")
    shared.out.line(f"then: mpremote connect {url} repl")
    shared.out.line("switching the pen off and on leads back to the firmware")
