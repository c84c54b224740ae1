"""Files stay short, name no registry and hold no address of the machine they were made on."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.architecture.tree import ROOT, files, sources

MOST_LINES = 400
HAND_WRITTEN = (".py", ".pyi", ".js", ".ts", ".sh", "")

# Taken apart, so that this file does not name them either.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
        ("snapshot", "debian", "org"),
        ("archive", "ubuntu", "com"),
        ("anaconda", "org"),
        ("crates", "io"),
        ("docker", "io"),
        ("ghcr", "io"),
    )
)
PIN = re.compile(
    r"[a-z0-9][a-z0-9.-]*==[^ ;\\]+( ; [^\\]+)?( \\)?|    --hash=sha256:[0-9a-f]{64}( \\)?"
)


def text(path: str) -> str:
    return (ROOT / path).read_bytes().decode("utf-8", errors="replace")


@pytest.mark.parametrize("suffix", HAND_WRITTEN)
def test_no_hand_written_file_is_longer_than_one_sitting(suffix: str) -> None:
    names = [p.as_posix() for p in files() if p.suffix == suffix and "LICENSE" not in p.name]
    lengths = {name: text(name).count("\n") for name in names}
    assert not {name: n for name, n in lengths.items() if n > MOST_LINES}


def test_no_file_names_a_registry() -> None:
    found = [(str(p), r) for p in files() for r in REGISTRIES if r in text(p.as_posix())]
    assert not found


@pytest.mark.parametrize("name", ["runtime", "dev", "typings"])
def test_requirements_are_pins_with_hashes_and_nothing_else(name: str) -> None:
    lines = text(f"requirements/{name}.txt").splitlines()
    kept = [line for line in lines if line and not line.lstrip().startswith("#")]
    assert kept
    assert [line for line in kept if not PIN.fullmatch(line)] == []
    assert len([line for line in kept if "==" in line]) < len(kept)


@pytest.mark.parametrize("folder", ["protocol", "firmware", "hardware", "host_controller"])
def test_every_module_says_what_it_is_for(folder: str) -> None:
    silent = [
        path
        for path in sources(folder)
        if text(path).strip() and not text(path).lstrip("#!/ \n").startswith(('"""', 'r"""'))
    ]
    assert not silent


def test_the_pins_are_what_the_project_asks_for() -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    pins = dict(re.findall(r"^([a-z0-9.-]+)==([^ ;\\]+)", text("requirements/dev.txt"), re.M))
    wrong = [
        one.name
        for one in map(Requirement, asked)
        if pins.get(one.name, "0") not in one.specifier  # a pin that is missing is version 0
    ]
    assert not wrong, "next step: make lock"
