"""Copies of pushed plans: found by hash whole, with client, library and ramp; or not at all."""

import json

import pytest

from host_controller.data_folder import data_folder
from host_controller.planning import plan_copies
from host_controller.planning.plan_bytes import compile_plan
from host_controller.planning.proposal import Reason
from tests.host_controller.planning.test_proposal import of, plan_of

WHY = (("cheek", Reason("thick-skin", "dr-03")),)
DEEP = plan_of(of(changes=(("cheek", "depth", 1300),), reasons=WHY, fitzpatrick="II"))


def test_a_copy_is_the_plan_that_was_pushed() -> None:
    image = compile_plan(DEEP, 7)
    plan_copies.keep(DEEP, image)
    found = plan_copies.find(image.sha256)
    assert found is not None
    assert found.plan == DEEP
    assert (found.image, found.session_id) == (image, 7)
    assert found.plan.basis is not None
    assert found.plan.basis.deviations[0].reason == "thick-skin"
    assert found.plan.ramp() == DEEP.ramp()


@pytest.mark.parametrize("key", ["client", "deviations", "library_version"])
def test_a_damaged_copy_is_none(key: str) -> None:
    image = compile_plan(DEEP, 7)
    plan_copies.keep(DEEP, image)
    (path,) = (data_folder() / "plans").iterdir()
    content = json.loads(path.read_text())
    content["basis"][key] = [1]
    if key == "client":
        del content["basis"][key]
    path.write_text(json.dumps(content))
    assert plan_copies.find(image.sha256) is None
