"""Says what is in an image: bytes for each frozen module, and a bill of its software (CycloneDX).

Owns no state.
"""

import datetime
import re
import uuid
from pathlib import Path

from firmware.boards.packages import run

# How MicroPython names what it freezes; the module's name follows, with _ for each / and -.
_FROZEN = re.compile(
    r"(?:children|const_(?:obj|qstr)_table_data|const_obj|frozen_module|fun_data|proto_fun)_(.+)"
)
_LICENCES = {
    "micropython": "MIT",
    "pico-sdk": "BSD-3-Clause",
    "tinyusb": "MIT",
    "mbedtls": "Apache-2.0",
    "newlib": "BSD-3-Clause",
    "libgcc": "GPL-3.0-or-later WITH GCC-exception-3.1",
}


def module_sizes(folder: Path) -> dict[str, int]:
    """Return the bytes of flash that each frozen module takes, by its path."""
    modules = sorted(
        path.relative_to(folder / "frozen_mpy").with_suffix("").as_posix()
        for path in (folder / "frozen_mpy").rglob("*.mpy")
    )
    sizes = dict.fromkeys(modules, 0)
    by_symbol = {re.sub(r"[/-]", "_", name): name for name in modules}
    for line in run(["arm-none-eabi-nm", "-S", str(folder / "firmware.elf")]).splitlines():
        fields = line.split()
        match = _FROZEN.fullmatch(fields[-1]) if len(fields) == 4 else None
        if match is None:
            continue
        name = match.group(1)
        while name and name not in by_symbol:
            name = name.rpartition("_")[0]
        if name:
            sizes[by_symbol[name]] += int(fields[1], 16)
    return sizes


def symbols(folder: Path) -> str:
    """Return addresses, sizes and names of everything in the image, for profiles."""
    return run(["arm-none-eabi-nm", "-S", "-n", str(folder / "firmware.elf")])


def size_table(sizes: dict[str, int], image: int, room: int) -> str:
    """Return the report as text, largest module first."""
    lines = [f"{size:8}  {name}" for name, size in sorted(sizes.items(), key=lambda x: (-x[1], x))]
    frozen = sum(sizes.values())
    return "\n".join(
        [
            "   bytes  module (bytecode, machine code and constants; shared strings are not in it)",
            *lines,
            f"{frozen:8}  all frozen modules",
            f"{image - frozen:8}  interpreter, libraries, shared strings",
            f"{image:8}  image, of {room} bytes ({100 * image // room} %)",
            "",
        ]
    )


def linked_libraries() -> dict[str, str]:
    """Return the compiler's own libraries that are linked in, with their versions."""
    gcc = ["arm-none-eabi-gcc", "-mcpu=cortex-m0plus", "-mthumb"]
    found = run([*gcc, "-E", "-P", "-dM", "-include", "newlib.h", "-x", "c", "/dev/null"])
    newlib = re.search(r'#define _NEWLIB_VERSION "([^"]+)"', found)
    compiler = run([*gcc, "-dumpfullversion"]).strip()
    return {"libgcc": compiler, "newlib": newlib.group(1) if newlib else "unknown"}


def bill(
    image: dict[str, str], parts: dict[str, str], packages: dict[str, str], epoch: int
) -> dict[str, object]:
    """Return the CycloneDX document: `image` has name, version, sha256; the others are versions."""
    components = [
        {
            "type": "library",
            "bom-ref": name,
            "name": name,
            "version": version,
            "licenses": [_licence(_LICENCES[name])],
            "properties": [
                {"name": "debian:package", "value": f"{package} {number}"}
                for package, number in sorted(packages.items())
                if package.removesuffix("-source") == name
            ],
        }
        for name, version in sorted(parts.items())
    ]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.UUID(image['sha256'][:32])}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.datetime.fromtimestamp(epoch, datetime.UTC).isoformat(),
            "component": {
                "type": "firmware",
                "bom-ref": image["name"],
                "name": image["name"],
                "version": image["version"],
                "hashes": [{"alg": "SHA-256", "content": image["sha256"]}],
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            },
        },
        "components": components,
        "dependencies": [{"ref": image["name"], "dependsOn": sorted(parts)}],
    }


def _licence(name: str) -> dict[str, object]:
    return {"expression": name} if " " in name else {"license": {"id": name}}
