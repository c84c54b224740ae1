"""Builds the pen's image: `python -m firmware.boards.build [--check]`, or `make firmware`.

Purpose: from a fresh clone to `build/firmware/`. Owns `.cache/firmware/` and `build/firmware/`.
With --check it builds twice, in two folders, and fails unless both give the same bytes.
With --if-changed it does nothing when the image of these sources is there.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from firmware.boards import image as images
from firmware.boards import packages, report, tree, uf2
from firmware.boards.image import NAME, OUT, ROOT
from firmware.version import FIRMWARE_VERSION
from hardware.board.rev_a import BOARD_NAME
from protocol import image_info
from protocol.version import SCHEMA_ID

CACHE = ROOT / ".cache" / "firmware"
START_OF_FORMAT = 315_532_800  # 1980: where there is no commit to take the time from


def main() -> int:
    """Build; the exit code is 0 or the number of the error."""
    parser = argparse.ArgumentParser(prog="python -m firmware.boards.build", description=__doc__)
    parser.add_argument("--check", action="store_true", help="build twice and compare the bytes")
    parser.add_argument("--if-changed", action="store_true", help="only when sources have changed")
    options = parser.parse_args()
    if options.if_changed and images.current():
        return 0
    try:
        _build(options.check, os.environ.get("MICROPYTHON_DIR", ""))
    except packages.BuildError as error:
        print(f"error {error.number}: no image: {error.reason}", file=sys.stderr)
        print(f"next step: {error.next_step}", file=sys.stderr)
        return error.number
    return 0


def _build(check: bool, checkout: str) -> None:
    packages.ensure_compiler()
    names: dict[str, str] = {}
    sources = CACHE / "tree"
    if checkout:
        tree.from_checkout(Path(checkout).resolve(), sources)
    else:
        names = packages.ensure_sources(CACHE / "sources")
        tree.from_packages(CACHE / "sources", sources)
    pen = CACHE / "pen"
    tree.copy_of_ours(ROOT, pen)
    built_from = images.sources_hash(pen)
    tree.put_schema_id(pen, SCHEMA_ID)
    epoch = _epoch()
    print("firmware: building …", flush=True)
    began = time.monotonic()
    # From clean where the bytes are compared; elsewhere what has not changed is not built again.
    folder = tree.build(sources, pen, CACHE / "build", epoch, clean=check)
    image = (folder / "firmware.bin").read_bytes()
    print(f"firmware: built in {time.monotonic() - began:.0f} s")
    if len(image) > image_info.AT:  # the page of information lies behind it
        reason = f"{len(image)} bytes do not fit into {image_info.AT}"
        raise packages.BuildError(27, reason, f"read {OUT / NAME}.sizes.txt of an older build")
    _write(folder, image, names, epoch)
    images.note(built_from)
    if check:
        # Another folder, of another length: a path in the image would show.
        again = tree.build(sources, pen, CACHE / "build-again", epoch, clean=True)
        if (again / "firmware.bin").read_bytes() != image:
            reason = "two builds gave different bytes"
            raise packages.BuildError(28, reason, f"compare firmware.bin in {folder} and {again}")
        print("firmware: two builds, the same bytes")


def _epoch() -> int:
    """Return the time the image says it was made: the commit's."""
    if "SOURCE_DATE_EPOCH" in os.environ:
        return int(os.environ["SOURCE_DATE_EPOCH"])
    try:
        return int(packages.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT))
    except (OSError, ValueError, subprocess.CalledProcessError):
        return START_OF_FORMAT


def _commit() -> str:
    """Return the commit that the page of information names, "+" behind it for changed sources."""
    try:
        short = packages.run(["git", "rev-parse", "--short=10", "HEAD"], cwd=ROOT).strip()[:10]
        changed = packages.run(["git", "status", "--porcelain", "--", *images.FROZEN], cwd=ROOT)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{short}+" if changed else short


def _write(folder: Path, image: bytes, names: dict[str, str], epoch: int) -> None:
    """Write everything that is handed on."""
    OUT.mkdir(parents=True, exist_ok=True)
    parts = tree.versions(CACHE / "tree") | report.linked_libraries()
    sha256 = hashlib.sha256(image).hexdigest()
    info = image_info.pack(
        image_info.ImageInfo(
            BOARD_NAME,
            FIRMWARE_VERSION,
            SCHEMA_ID,
            _commit(),
            epoch,
            len(image),
            hashlib.sha256(image).digest(),
        )
    )
    about = {"name": "pen-rev-a", "version": FIRMWARE_VERSION, "sha256": sha256}
    table = report.size_table(report.module_sizes(folder), len(image), image_info.AT)
    bill = json.dumps(report.bill(about, parts, names, epoch), indent=2, ensure_ascii=False)
    files = {
        f"{NAME}.bin": image,
        f"{NAME}.info": info,
        f"{NAME}.uf2": uf2.pack_image(image, info, image_info.AT),
        f"{NAME}.sizes.txt": table.encode(),
        f"{NAME}.cdx.json": f"{bill}\n".encode(),
        f"{NAME}.symbols": report.symbols(folder).encode(),
    }
    sums = ""
    for name, content in files.items():
        (OUT / name).write_bytes(content)
        sums += f"{hashlib.sha256(content).hexdigest()}  {name}\n"
    (OUT / "SHA256SUMS").write_text(sums, encoding="utf-8")
    shown = OUT.relative_to(ROOT)
    print(f"firmware: {shown}/{NAME}.uf2, image {len(image)} bytes, sha256 {sha256[:16]}…")


if __name__ == "__main__":
    sys.exit(main())
