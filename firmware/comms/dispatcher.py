"""Every request of the wire and what the pen does with it.

Length, ranges, order and schema are checked by the link before a handler is called. A handler
turns fields into one call of `services`, and its outcome into a reply; it decides nothing.
Owns the table of handlers.
"""

from protocol import codes, hello, messages, telemetry
from protocol.responder_link import DEFERRED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from firmware.comms.plan_receiver import PlanReceiver
    from firmware.comms.services import Services
    from protocol.reply import Reply
    from protocol.responder_link import ResponderLink

    Refusal = tuple[int, int, int, int, int]

_OK = codes.RESULT_OK  # bound here, because the board looks up each dotted name at each use
_STATUS_SIZE = telemetry.SIZE


class Dispatcher:
    """`handle` is the handler that the link calls."""

    def __init__(self, services: "Services", plans: "PlanReceiver") -> None:
        self._services = services
        self._plans = plans
        self.waiting = 0  # message whose writing waits for a quiet moment
        self._values: "tuple[Any, ...]" = ()
        self._handlers = {
            messages.HELLO: self._hello,
            messages.STOP: self._stop,
            messages.UPDATE: self._update,
            messages.KEEPALIVE: self._keepalive,
            messages.PLAN_BEGIN: self._plan_begin,
            messages.PLAN_CHUNK: self._plan_chunk,
            messages.PLAN_COMMIT: self._plan_commit,
            messages.PLAN_INFO: self._plan_info,
            messages.SELECT_ZONE: self._select_zone,
            messages.ARM: self._arm,
            messages.DISARM: self._disarm,
            messages.ACKNOWLEDGE: self._acknowledge,
            messages.SELF_TEST: self._self_test,
            messages.SETTINGS_GET: self._settings_get,
            messages.SETTINGS_SET: self._settings_set,
            messages.FAULT_LOG: self._fault_log,
            messages.USAGE_LOG: self._usage_log,
            messages.LIMITS: self._limits,
            messages.CARTRIDGE: self._cartridge,
            messages.SET_CLOCK: self._set_clock,
            messages.TELEMETRY_RATE: self._telemetry_rate,
            messages.STATUS: self._status,
        }

    def handle(self, number: int, values: "tuple[Any, ...]", reply: "Reply") -> int:
        """Carry out one request; RESULT_* number or DEFERRED."""
        return self._handlers[number](values, reply)

    def poll(self, link: "ResponderLink") -> None:
        """Carry out what waits to write the flash, once it may be written."""
        if not self._services.may_write():
            return
        number, self.waiting = self.waiting, 0
        reply = link.deferred(number)
        if reply is not None:
            link.finish(self.handle(number, self._values, reply))

    def _wait(self, number: int, values: "tuple[Any, ...]") -> int:
        self.waiting = number
        self._values = values
        return DEFERRED

    def _hello(self, _values: "tuple[Any, ...]", reply: "Reply") -> int:
        self._plans.abandon()
        serial, firmware, library, capabilities, image = self._services.identity()
        return reply.json(hello.pairs(serial, firmware, library, capabilities, image))

    def _stop(self, _values: "tuple[Any, ...]", _reply: "Reply") -> int:
        self._services.stop()
        return codes.RESULT_OK

    def _update(self, values: "tuple[Any, ...]", reply: "Reply") -> int:
        refusal = self._services.update(values[0], bytes(values[2]))
        if refusal[0] != codes.RESULT_OK:
            return _done(refusal, reply)
        return reply.fields(self._services.update_state(), 0)

    def _keepalive(self, _values: "tuple[Any, ...]", _reply: "Reply") -> int:
        self._services.renew_lease()
        return codes.RESULT_OK

    def _plan_begin(self, values: "tuple[Any, ...]", reply: "Reply") -> int:
        refusal = self._services.may_change_plan()
        if refusal[0] == codes.RESULT_OK:
            refusal = self._plans.begin(values[0], values[1])
        return _done(refusal, reply)

    def _plan_chunk(self, values: "tuple[Any, ...]", reply: "Reply") -> int:
        refusal = self._plans.chunk(values[0], values[1])
        if refusal[0] != codes.RESULT_OK:
            return _done(refusal, reply)
        return reply.fields(self._plans.next_offset)

    def _plan_commit(self, values: "tuple[Any, ...]", reply: "Reply") -> int:
        refusal = self._services.may_change_plan()
        if refusal[0] == codes.RESULT_OK:
            if not self._services.may_write():
                return self._wait(messages.PLAN_COMMIT, values)
            refusal = self._plans.commit()
        return _done(refusal, reply)

    def _plan_info(self, _values: "tuple[Any, ...]", reply: "Reply") -> int:
        return _answer(self._services.plan_info(), codes.RESULT_NO_PLAN, reply)

    def _select_zone(self, values: "tuple[Any, ...]", reply: "Reply") -> int:
        may_change = self._services.may_change_plan()[0] == codes.RESULT_OK
        if may_change and not self._services.may_write():
            return self._wait(messages.SELECT_ZONE, values)  # the old zone's usage goes before
        return _done(self._services.select_zone(values[0]), reply)

    def _arm(self, _values: "tuple[Any, ...]", reply: "Reply") -> int:
        return _done(self._services.arm(), reply)

    def _disarm(self, _values: "tuple[Any, ...]", _reply: "Reply") -> int:
        self._services.stop()
        return codes.RESULT_OK

    def _acknowledge(self, values: "tuple[Any, ...]", reply: "Reply") -> int:
        return _done(self._services.acknowledge(values[0]), reply)

    def _self_test(self, _values: "tuple[Any, ...]", reply: "Reply") -> int:
        refusal = self._services.begin_self_test()
        if refusal[0] != codes.RESULT_OK:
            return _done(refusal, reply)
        return DEFERRED

    def _settings_get(self, values: "tuple[Any, ...]", reply: "Reply") -> int:
        pairs = self._services.setting(values[0])
        if pairs is None:
            return reply.refuse(codes.RESULT_UNKNOWN_SETTING)
        return reply.json(pairs)

    def _settings_set(self, values: "tuple[Any, ...]", reply: "Reply") -> int:
        may_change = self._services.may_change_plan()[0] == codes.RESULT_OK
        if may_change and not self._services.may_write():
            return self._wait(messages.SETTINGS_SET, values)
        refusal = self._services.change_settings(values[0])
        if refusal[0] != codes.RESULT_OK:
            return _done(refusal, reply)
        return reply.json([(name, self._services.value_of(name)) for name in values[0]])

    def _fault_log(self, values: "tuple[Any, ...]", reply: "Reply") -> int:
        return _answer(self._services.fault_entry(values[0]), codes.RESULT_NO_SUCH_ENTRY, reply)

    def _usage_log(self, values: "tuple[Any, ...]", reply: "Reply") -> int:
        return _answer(self._services.usage_entry(values[0]), codes.RESULT_NO_SUCH_ENTRY, reply)

    def _limits(self, values: "tuple[Any, ...]", reply: "Reply") -> int:
        found = self._services.limits(values[0])
        if found is None:
            return reply.refuse(codes.RESULT_UNKNOWN_ZONE, values[0], values[0], 1, 16)
        return reply.fields(*found)

    def _cartridge(self, _values: "tuple[Any, ...]", reply: "Reply") -> int:
        return _answer(self._services.cartridge(), codes.RESULT_NO_CARTRIDGE, reply)

    def _set_clock(self, values: "tuple[Any, ...]", reply: "Reply") -> int:
        return _done(self._services.set_clock(values[0]), reply)

    def _telemetry_rate(self, values: "tuple[Any, ...]", _reply: "Reply") -> int:
        self._services.set_telemetry_rate(values[0])
        return codes.RESULT_OK

    def _status(self, _values: "tuple[Any, ...]", reply: "Reply") -> int:
        self._services.status(reply.buffer)
        reply.size = _STATUS_SIZE
        return _OK


def _done(refusal: "Refusal", reply: "Reply") -> int:
    """OK with an empty reply, or the refusal with its details."""
    if refusal[0] == codes.RESULT_OK:
        return codes.RESULT_OK
    return reply.refuse(refusal[0], refusal[1], refusal[2], refusal[3], refusal[4])


def _answer(found: "tuple[Any, ...] | None", otherwise: int, reply: "Reply") -> int:
    """The fields found, or a refusal where there are none."""
    if found is None:
        return reply.refuse(otherwise)
    return reply.fields(*found)
