"""The bundle is valid R4B and holds what the record holds."""

import json
from dataclasses import replace
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from host_controller.records.views import OUTCOMES, SessionRecord
from host_controller.reports.fhir import bundle
from tests.host_controller.reports.made_up import session


def parts(record: SessionRecord, kind: str) -> list[dict[str, Any]]:
    found = [entry["resource"] for entry in bundle(record)["entry"]]
    return [resource for resource in found if resource["resourceType"] == kind]


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("simulated", ["", "cpython"])
def test_it_is_valid_r4b(outcome: str, simulated: str) -> None:
    record = replace(session(), outcome=outcome, simulated=simulated)
    Bundle.model_validate_json(json.dumps(bundle(record)))


def test_a_record_without_anything_measured_is_valid_too() -> None:
    bare = replace(
        session(), zones=(), cartridges=(), client="", operator="", concern="", ended=None,
        outcome="interrupted",
    )  # fmt: skip
    Bundle.model_validate_json(json.dumps(bundle(bare)))


def test_one_procedure_two_devices_an_observation_per_treated_zone() -> None:
    assert len(parts(session(), "Procedure")) == 1
    assert [device["serialNumber"] for device in parts(session(), "Device")] == [
        "PEN-A-00017",
        "a1b2c3d4",
    ]
    assert [o["bodySite"]["text"] for o in parts(session(), "Observation")] == [
        "forehead",
        "cheek",
    ]


def test_the_measured_depth_is_the_value() -> None:
    cheek = parts(session(), "Observation")[1]
    assert cheek["valueQuantity"]["value"] == 1.503
    assert cheek["valueQuantity"]["code"] == "mm"
    by_name = {c["code"]["text"]: c["valueQuantity"] for c in cheek["component"]}
    assert by_name["stroke rate measured"]["value"] == 90.04
    assert by_name["needle depth set"]["value"] == 1.5
    assert by_name["punctures per area"] == {
        "value": 388, "unit": "/cm2", "system": "http://unitsofmeasure.org", "code": "/cm2",
    }  # fmt: skip


def test_lot_expiry_and_udi_of_the_cartridge() -> None:
    scanned = replace(session().cartridges[0], udi="(01)00850000000001(17)280101(10)L2611")
    cartridge = parts(replace(session(), cartridges=(scanned,)), "Device")[1]
    assert cartridge["lotNumber"] == "L2611"
    assert cartridge["expirationDate"] == "2028-01-01"
    assert cartridge["udiCarrier"] == [{"carrierHRF": "(01)00850000000001(17)280101(10)L2611"}]
    assert "udiCarrier" not in parts(session(), "Device")[1]


def test_references_lead_to_resources_of_the_bundle() -> None:
    entries = bundle(session())["entry"]
    addresses = {entry["fullUrl"] for entry in entries}
    assert len(addresses) == len(entries)
    for reference in _references(entries):
        assert reference in addresses


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["reference"]] if "reference" in value else []
        return own + [r for inner in value.values() for r in _references(inner)]
    if isinstance(value, list):
        return [r for inner in value for r in _references(inner)]
    return []


def test_a_simulated_record_is_marked_as_test_data() -> None:
    for entry in bundle(replace(session(), simulated="cpython"))["entry"]:
        assert entry["resource"]["meta"]["tag"][0]["code"] == "HTEST"
    assert "meta" not in bundle(session())


def test_nobody_is_named() -> None:
    assert "Patient" not in json.dumps(bundle(session()))
    assert parts(session(), "Procedure")[0]["subject"] == {
        "identifier": {"system": "urn:microneedling-pen:client", "value": "C-1042"}
    }


def test_the_same_record_gives_the_same_bundle() -> None:
    assert bundle(session()) == bundle(session())
