"""The newest firmware built here, against what a pen runs."""

import os
from pathlib import Path

import pytest

from host_controller.flashing import built
from protocol import version
from protocol.hello import PenIdentity
from tests.host_controller.flashing.images import firmware_file


def pen(firmware: str = "0.2.0+1a2b3c4d", image: str = "0123456789abcdef") -> PenIdentity:
    return PenIdentity("microneedling-pen", "FAKE0001", firmware, version.SCHEMA_ID, "", [], image)


def test_the_newest_good_file_counts(tmp_path: Path) -> None:
    assert built.newest(tmp_path) is None
    old = firmware_file(tmp_path, "a.uf2", version="0.1.0")
    firmware_file(tmp_path, "b.uf2", version="0.2.0")
    (tmp_path / "c.uf2").write_bytes(b"half a file")
    os.utime(old, (1, 1))
    found = built.newest(tmp_path)
    assert found is not None
    assert found.info.version == "0.2.0"


@pytest.mark.parametrize(
    ("firmware", "verdict"),
    [
        ("0.1.9+1a2b3c4d", built.NEWER),
        ("0.2.0-rc.1", built.NEWER),
        ("0.2.0+11111111", built.OTHER),
        ("0.3.0", built.OLDER),
    ],
)
def test_versions_decide_where_the_images_differ(
    tmp_path: Path, firmware: str, verdict: str
) -> None:
    firmware_file(tmp_path)
    assert built.against(pen(firmware), built.newest(tmp_path)).verdict == verdict


def test_the_same_image_is_the_same_whatever_it_is_called(tmp_path: Path) -> None:
    firmware_file(tmp_path)
    image = built.newest(tmp_path)
    assert image is not None
    assert built.against(pen("9.9.9", image.image_id), image).verdict == built.SAME
    assert built.against(pen(), None).verdict == built.NONE
