"""What the supervisor can grant and motion can execute. A leaf, owned by neither of the two."""

from protocol.interpreter import const

MODE_OFF = const(0)  # bridge braked, depth stage holds still
MODE_HOME = const(1)  # depth stage looks for its home switch; bridge braked
MODE_PARK = const(2)  # brake, creep the cam to its index, depth stage to 0
MODE_POSITION = const(3)  # park the cam if its phase is unknown, then extend the stage to depth_um
MODE_RUN = const(4)  # needles at rate_chz, stage holds at depth_um
MODE_WITHDRAW = const(5)  # bridge braked, depth stage to 0; the motor is not driven

MODE_NAMES = ("off", "home", "park", "position", "run", "withdraw")
