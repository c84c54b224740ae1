"""What the main loop asks of the supervisor: plain attributes, taken in and cleared by the tick.

Each is written as a whole integer, and `any` last, so the tick may come between any two statements.
They are set through `requests.py`, which answers the asker; asking twice is asking once. Owns no
more than that.
"""

from protocol import codes


class Asked:
    """0 = nothing is asked."""

    def __init__(self) -> None:
        self.any = 0  # 1: something below was asked since the last tick
        self.stop = codes.STOP_NONE  # STOP_* reason
        self.fault = codes.FAULT_NONE  # a fault that the main loop found
        self.arm = 0  # EVENT_ARM_HOST or EVENT_ARM_BUTTON
        self.acknowledge = codes.FAULT_NONE  # the fault, after its cause was found gone
        self.proof = 0  # prove the stop path
        self.self_test = 0  # outcome: 1 passed, 2 failed
        self.session = 0  # a session begins, 1 + ms that its needles have run already
