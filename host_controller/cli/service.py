"""`pen service`: leave the firmware for MicroPython's prompt, for whoever repairs a pen."""

import contextlib

from host_controller.cli.context import PenContext
from host_controller.cli.context import command as pen_command

HOW = (
    "Take the cartridge out, switch the pen off and on with its button held down, keep it down "
    "for 5 s and run this again."
)


@pen_command("service")
def command(shared: PenContext) -> None:
    """Leave the firmware for MicroPython's prompt.

    Take the cartridge out, switch the pen on with its button held down, keep it down for 5 s and
    run this. The pen then serves `mpremote`; drive-enable stays low until it is switched off.
    """
    from host_controller.cli.watched_world import WatchedWorld
    from host_controller.flashing import leave
    from host_controller.refusals import PenRefused
    from protocol import codes, messages

    url = shared.url()
    with contextlib.closing(WatchedWorld(shared)) as world:
        greeted = world.greet(url)
        try:
            greeted.client.request(messages.UPDATE, leave.SERVICE, 0, b"service")
        except PenRefused as refusal:
            if refusal.code == codes.RESULT_WRONG_STATE:
                refusal.next_step = HOW
            raise
        finally:
            greeted.close()
    if shared.out.as_json:
        shared.out.object("pen.service/1", {"serial_number": greeted.identity.serial, "url": url})
        return
    shared.out.line(f"pen {greeted.identity.serial} leaves its firmware; release the button")
    shared.out.line(f"then: mpremote connect {url} repl")
    shared.out.line("switching the pen off and on leads back to the firmware")
