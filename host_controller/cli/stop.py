"""`pen stop`: stop now, wait until the needles are in.

STOP is one of the three messages every pen understands, so a pen of another schema is stopped too.
"""

from host_controller import errors, versions
from host_controller.cli.context import PenContext
from host_controller.cli.context import command as pen_command


@pen_command("stop")
def command(shared: PenContext) -> None:
    """Stop the needles now and wait until they are in."""
    from host_controller.client import Client
    from host_controller.pen import Pen

    client = Client(shared.transport())
    try:
        client.stop()
        identity = client.say_hello()
        if not identity.speaks_our_schema:
            shared.out.message("The pen took the order to stop; it speaks another protocol.")
            raise versions.mismatch(identity, versions.program_version())
        try:
            status = Pen(client, identity).wait_parked()
        except errors.NotParked:
            client.stop()  # once more, then say so
            raise
    finally:
        client.close()
    if shared.out.as_json:
        fields = {"state_name": status.state_name, "needles_in": status.needles_in}
        shared.out.object("pen.stop/1", fields)
    else:
        shared.out.line(f"stopped, needles in; the pen is {status.state_name}")
