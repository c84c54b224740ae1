"""A treatment as a FHIR R4B bundle: Procedure, the pen and its cartridge, an Observation a zone.

Plain dictionaries in the shapes of the standard, deterministic: the same record gives the same
bundle, ids included. Client and operator appear as identifiers of the clinic, never as a resource
with a name. Owns no state.
"""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from host_controller.records.views import CartridgeRecord, SessionRecord, ZoneRecord
from host_controller.reports.treatment_report import local

Resource = dict[str, Any]

_OURS = "urn:microneedling-pen"
_UCUM = "http://unitsofmeasure.org"
_TEST_DATA = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
    "code": "HTEST",
    "display": "test health data",
}
_STATUS = {
    "complete": "completed",
    "ended by the user": "completed",
    "failed": "stopped",
    "interrupted": "stopped",
    "open": "in-progress",
}


def bundle(session: SessionRecord) -> Resource:
    """The bundle (type collection) of one record; JSON-ready. Simulated records are test data."""
    begun = local(session, session.begun).isoformat(timespec="seconds")
    ended = local(session, session.ended).isoformat(timespec="seconds") if session.ended else None
    period = {"start": begun} | ({"end": ended} if ended else {})
    devices = [("pen", _pen(session))]
    devices += [
        (f"cartridge-{number}", _cartridge(cartridge))
        for number, cartridge in enumerate(session.cartridges)
    ]
    used = [{"reference": _url(session, key)} for key, _ in devices]
    resources = [("procedure", _procedure(session, period, used)), *devices]
    resources += [
        (f"zone-{number}", _observation(session, zone, period))
        for number, zone in enumerate(session.zones)
        if zone.treated
    ]
    meta = {"tag": [_TEST_DATA]} if session.simulated or session.demo else None
    entries = []
    for key, resource in resources:
        marked = resource | ({"meta": meta} if meta else {})
        entries.append({"fullUrl": _url(session, key), "resource": marked})
    return {
        "resourceType": "Bundle",
        "identifier": {"system": f"{_OURS}:record", "value": session.record_id},
        "type": "collection",
        "timestamp": ended or begun,
        "entry": entries,
    } | ({"meta": meta} if meta else {})


def _url(session: SessionRecord, key: str) -> str:
    """One stable address per resource of a record."""
    return uuid5(NAMESPACE_URL, f"{_OURS}:{session.record_id}:{key}").urn


def _identifier(kind: str, value: str) -> Resource:
    return {"system": f"{_OURS}:{kind}", "value": value}


def _quantity(value: float, unit: str, code: str) -> Resource:
    return {"value": value, "unit": unit, "system": _UCUM, "code": code}


def _procedure(session: SessionRecord, period: Resource, used: list[Resource]) -> Resource:
    found: Resource = {
        "resourceType": "Procedure",
        "identifier": [_identifier("record", session.record_id)],
        "status": _STATUS[session.outcome],
        "code": {"text": "Microneedling"},
        "subject": {"identifier": _identifier("client", session.client or "not given")},
        "performedPeriod": period,
        "bodySite": [{"text": zone.zone} for zone in session.zones if zone.treated],
        "usedReference": used,
        "note": [{"text": f"Hash chain head {session.chain.head}, writer {session.chain.writer}"}],
    }
    if not found["bodySite"]:
        del found["bodySite"]
    if session.operator:
        found["performer"] = [{"actor": {"identifier": _identifier("operator", session.operator)}}]
    if session.concern:
        found["reasonCode"] = [{"text": session.concern}]
    if found["status"] == "stopped":
        found["statusReason"] = {"text": session.error or session.outcome}
    return found


def _pen(session: SessionRecord) -> Resource:
    return {
        "resourceType": "Device",
        "identifier": [_identifier("pen", session.pen.serial)],
        "serialNumber": session.pen.serial,
        "deviceName": [{"name": "microneedling pen", "type": "user-friendly-name"}],
        "version": [
            {"type": {"text": "firmware"}, "value": session.pen.firmware},
            {"type": {"text": "protocol"}, "value": session.pen.protocol},
        ],
        "property": [
            {
                "type": {"text": "depth library"},
                "valueCode": [
                    {"text": f"{session.library.library_id} version {session.library.version}"},
                    {"text": session.library.approval},
                ],
            }
        ],
    }


def _cartridge(cartridge: CartridgeRecord) -> Resource:
    found: Resource = {
        "resourceType": "Device",
        "identifier": [_identifier("cartridge", cartridge.cartridge_id)],
        "serialNumber": cartridge.cartridge_id,
        "lotNumber": cartridge.lot,
        "expirationDate": cartridge.expires.isoformat(),
        "deviceName": [{"name": "needle cartridge", "type": "user-friendly-name"}],
        "property": [
            {
                "type": {"text": "needle length"},
                "valueQuantity": [_quantity(cartridge.needle_um / 1000, "mm", "mm")],
            },
            {
                "type": {"text": "needles"},
                "valueQuantity": [_quantity(cartridge.pins, "needles", "1")],
            },
        ],
    }
    if cartridge.udi:
        found["udiCarrier"] = [{"carrierHRF": cartridge.udi}]
    return found


def _observation(session: SessionRecord, zone: ZoneRecord, period: Resource) -> Resource:
    """Measured depth as the value, the rest of the zone as components."""
    components = [
        ("needle depth set", _quantity(zone.depth_um_set / 1000, "mm", "mm")),
        ("stroke rate set", _quantity(zone.rate_chz_set / 100, "Hz", "Hz")),
        ("punctures per area", _quantity(zone.punctures_per_cm2, "/cm2", "/cm2")),
        ("passes", _quantity(zone.passes, "passes", "1")),
        ("time with running needles", _quantity(zone.zone_ms / 1000, "s", "s")),
        ("time in touch with skin", _quantity(zone.contact_ms / 1000, "s", "s")),
    ]
    if zone.rate_chz_mean is not None:
        measured = _quantity(zone.rate_chz_mean / 100, "Hz", "Hz")
        components.insert(2, ("stroke rate measured", measured))
    found: Resource = {
        "resourceType": "Observation",
        "status": "final" if session.outcome != "open" else "preliminary",
        "partOf": [{"reference": _url(session, "procedure")}],
        "code": {"text": "needle depth measured"},
        "subject": {"identifier": _identifier("client", session.client or "not given")},
        "effectivePeriod": period,
        "bodySite": {"text": zone.zone},
        "device": {"reference": _url(session, "pen")},
        "component": [
            {"code": {"text": name}, "valueQuantity": value} for name, value in components
        ],
    }
    if zone.depth_um_mean is None:
        found["dataAbsentReason"] = {"text": "not measured"}
    else:
        found["valueQuantity"] = _quantity(zone.depth_um_mean / 1000, "mm", "mm")
    return found
