"""What the build says of versions and sizes is read from the sources and the linker's own list."""

import shutil
from pathlib import Path

import pytest

from firmware.boards import report, tree
from firmware.boards.image import ROOT
from firmware.boards.packages import BuildError

PARTS = {
    "lib/pico-sdk/pico_sdk_version.cmake": "set(PICO_SDK_VERSION_MAJOR 2)\n"
    "set(PICO_SDK_VERSION_MINOR 1)\nset(PICO_SDK_VERSION_REVISION 1)\n",
    "lib/tinyusb/src/tusb_option.h": "#define TUSB_VERSION_MAJOR     0\n"
    "#define TUSB_VERSION_MINOR     18\n#define TUSB_VERSION_REVISION  0\n",
    "lib/mbedtls/include/mbedtls/build_info.h": "#define MBEDTLS_VERSION_MAJOR  3\n"
    "#define MBEDTLS_VERSION_MINOR  6\n#define MBEDTLS_VERSION_PATCH  6\n",
    "py/mpconfig.h": "#define MICROPY_VERSION_MAJOR 1\n"
    "#define MICROPY_VERSION_MINOR 25\n#define MICROPY_VERSION_MICRO 0\n",
    "lib/micropython-lib/README.md": "",
    "ports/rp2/CMakeLists.txt": "",
    "tools/mpy-tool.py": 'a = "__attribute__ ((aligned (2)))"\n',
}


def checkout(folder: Path) -> Path:
    for name, text in PARTS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_a_checkout_is_copied_and_only_the_copy_is_changed(tmp_path: Path) -> None:
    source = checkout(tmp_path / "micropython")
    (source / ".git").mkdir()
    (source / "ports" / "esp32").mkdir()
    tree.from_checkout(source, tmp_path / "tree")
    assert (source / "tools/mpy-tool.py").read_text() == PARTS["tools/mpy-tool.py"]
    changed = (tmp_path / "tree" / "tools" / "mpy-tool.py").read_text()
    assert changed == 'a = "__attribute__ ((aligned (4)))"\n'
    assert not (tmp_path / "tree" / ".git").exists()
    assert [p.name for p in (tmp_path / "tree" / "ports").iterdir()] == ["rp2"]


def test_versions_are_what_each_part_says(tmp_path: Path) -> None:
    assert tree.versions(checkout(tmp_path)) == {
        "micropython": "1.25.0",
        "pico-sdk": "2.1.1",
        "tinyusb": "0.18.0",
        "mbedtls": "3.6.6",
    }


def test_a_checkout_without_its_submodules_is_refused_by_name(tmp_path: Path) -> None:
    source = checkout(tmp_path / "micropython")
    shutil.rmtree(source / "lib" / "tinyusb")
    with pytest.raises(BuildError, match="lacks lib/tinyusb") as caught:
        tree.from_checkout(source, tmp_path / "tree")
    assert caught.value.number == 24
    assert "submodules" in caught.value.next_step


def test_another_freezing_tool_is_refused(tmp_path: Path) -> None:
    source = checkout(tmp_path / "micropython")
    (source / "tools" / "mpy-tool.py").write_text("")
    with pytest.raises(BuildError) as caught:
        tree.from_checkout(source, tmp_path / "tree")
    assert caught.value.number == 26


def test_the_pen_does_not_compute_its_schema_id_at_every_start(tmp_path: Path) -> None:
    version = tmp_path / "protocol" / "version.py"
    version.parent.mkdir()
    version.write_text((ROOT / "protocol" / "version.py").read_text())
    tree.put_schema_id(tmp_path, "0123abcd")
    assert 'SCHEMA_ID = "0123abcd"\n' in version.read_text()
    assert "SCHEMA_ID = schema_id()" not in version.read_text()
    with pytest.raises(BuildError) as caught:
        tree.put_schema_id(tmp_path, "0123abcd")
    assert caught.value.number == 29


def test_symbols_go_to_the_longest_module_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("rp2", "_boot", "firmware/app", "firmware/hal/rp2040/usb"):
        path = tmp_path / "frozen_mpy" / f"{name}.mpy"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    listing = """
1006caE1 0000007e r fun_data_firmware_app_App___init__
1006bf80 00000002 r const_qstr_table_data_firmware_app
10000000 00000010 t fun_data_firmware_hal_rp2040_usb__append
10000000 00000001 r frozen_module__boot
10000000 00000004 r children_rp2__lt_module_gt_
10000000 00000100 T mp_map_lookup
         U nothing
"""
    monkeypatch.setattr(report, "run", lambda _: listing)
    assert report.module_sizes(tmp_path) == {
        "_boot": 1,
        "firmware/app": 0x80,
        "firmware/hal/rp2040/usb": 0x10,
        "rp2": 4,
    }


def test_the_bill_names_each_part_with_version_licence_and_package() -> None:
    image = {"name": "pen-rev-a", "version": "1.2.3", "sha256": "ab" * 32}
    parts = {"tinyusb": "0.18.0", "libgcc": "12.2.1"}
    bill = report.bill(image, parts, {"tinyusb-source": "0.18.0+dfsg-1"}, 0)
    assert bill["bomFormat"] == "CycloneDX"
    assert bill["components"] == [
        {
            "type": "library",
            "bom-ref": "libgcc",
            "name": "libgcc",
            "version": "12.2.1",
            "licenses": [{"expression": "GPL-3.0-or-later WITH GCC-exception-3.1"}],
            "properties": [],
        },
        {
            "type": "library",
            "bom-ref": "tinyusb",
            "name": "tinyusb",
            "version": "0.18.0",
            "licenses": [{"license": {"id": "MIT"}}],
            "properties": [{"name": "debian:package", "value": "tinyusb-source 0.18.0+dfsg-1"}],
        },
    ]


def test_a_change_of_the_boards_options_builds_from_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree, "run", lambda *_args, **_options: None)
    source = checkout(tmp_path / "tree")
    pen, folder = tmp_path / "pen", tmp_path / "build"
    options = pen / tree.BOARD / "mpconfigboard.h"
    options.parent.mkdir(parents=True)

    def kept_after_a_build(text: str) -> bool:
        options.write_text(text)
        tree.build(source, pen, folder, 0, clean=False)
        kept = (folder / "object.o").exists()
        (folder / "object.o").write_text("")
        return kept

    assert not kept_after_a_build("#define A (1)\n")
    assert kept_after_a_build("#define A (1)\n")
    assert not kept_after_a_build("#define A (2)\n")
    assert kept_after_a_build("#define A (2)\n")
