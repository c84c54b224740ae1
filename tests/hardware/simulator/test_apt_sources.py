"""Both forms of apt's source files give the Debian mirrors, likeliest first, and nobody else's."""

from pathlib import Path

import pytest

from hardware.simulator.apt_sources import Mirror, debian_mirrors


def folder_with(tmp_path: Path, **files: str) -> Path:
    """An apt folder; `x_list` and `x_sources` stand for files in sources.list.d."""
    (tmp_path / "sources.list.d").mkdir()
    for name, text in files.items():
        stem, _, suffix = name.partition("_")
        path = Path("sources.list.d", f"{stem}.{suffix}") if suffix else Path("sources.list")
        (tmp_path / path).write_text(text)
    return tmp_path


def test_stanza_form(tmp_path: Path) -> None:
    text = """# made by hand
Types: deb deb-src
URIs: http://mirror.example/debian/
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/a.gpg

Types: deb
# a comment in a stanza
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
"""
    found = debian_mirrors(folder_with(tmp_path, debian_sources=text))
    assert found == [Mirror("http://mirror.example/debian", "/usr/share/keyrings/a.gpg")]


def test_stanza_with_continued_lines_and_a_key_in_it(tmp_path: Path) -> None:
    text = """Types: deb
URIs:
 https://one.example/debian
 https://two.example/debian
Suites: trixie
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 AAAA BBBB
 -----END PGP PUBLIC KEY BLOCK-----
"""
    found = debian_mirrors(folder_with(tmp_path, x_sources=text))
    assert found == [Mirror("https://one.example/debian"), Mirror("https://two.example/debian")]


def test_one_line_form(tmp_path: Path) -> None:
    text = """# deb http://off.example/debian bookworm main
deb-src http://mirror.example/debian bookworm main
deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main contrib # first
deb http://mirror.example/debian bookworm-updates main
deb\thttps://other.example/debian\tstable\tmain
"""
    found = debian_mirrors(folder_with(tmp_path, sources=text))
    assert found == [
        Mirror("http://mirror.example/debian", "/k.gpg"),
        Mirror("https://other.example/debian"),
    ]


def test_an_address_that_looks_like_the_archive_comes_first(tmp_path: Path) -> None:
    text = """deb https://vendor.example/packages bookworm main
deb http://mirror.example/debian bookworm main
"""
    found = debian_mirrors(folder_with(tmp_path, sources=text))
    assert [mirror.address for mirror in found] == [
        "http://mirror.example/debian",
        "https://vendor.example/packages",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "deb cdrom:[Debian 12]/ bookworm main",
        "deb https://vendor.example/linux bookworm stable",
        "deb https://vendor.example/node nodistro main",
        "deb http://mirror.example/ubuntu noble main universe",
        "deb http://mirror.example/debian-security bookworm-security main",
        "nonsense [",
    ],
)
def test_other_peoples_archives_are_left_alone(tmp_path: Path, text: str) -> None:
    assert debian_mirrors(folder_with(tmp_path, sources=text)) == []


@pytest.mark.parametrize("line", ["Enabled: no", "Types: deb-src"])
def test_stanzas_that_are_off_are_left_alone(tmp_path: Path, line: str) -> None:
    kind = "" if line.startswith("Types") else "Types: deb\n"
    text = f"{kind}{line}\nURIs: http://m.example/debian\nSuites: trixie\nComponents: main\n"
    assert debian_mirrors(folder_with(tmp_path, x_sources=text)) == []


def test_no_apt_at_all(tmp_path: Path) -> None:
    assert debian_mirrors(tmp_path / "missing") == []
