"""Pages ask the simulated bench from several threads; each gets the answer to its own question."""

import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from host_controller.simulated.control_link import ControlLink

ASKED = 60


def echo(listener: socket.socket) -> None:
    """Answer each line with its own id, slowly enough that others ask meanwhile."""
    connection, _ = listener.accept()
    with connection, connection.makefile("rb") as lines:
        for line in lines:
            time.sleep(0.001)
            answer = {"ok": True, "mine": json.loads(line)["id"]}
            connection.sendall(json.dumps(answer).encode() + b"\n")


def test_answers_do_not_change_places() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=echo, args=(listener,), daemon=True).start()
        link = ControlLink(f"127.0.0.1:{listener.getsockname()[1]}")
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda n: link.ask(id=n)["mine"], range(ASKED)))
        link.close()
    assert answers == list(range(ASKED))
