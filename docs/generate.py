"""`make docs` and `make docs-check`: run every docs/generate_*.py, or see whether that changes a page.

Each generator is a module here with a `main()` that writes its page.
"""

import importlib
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent
FIGURES = DOCS.parent / "build" / "evidence"
# Pages of what was measured, and the files they are made from.
MEASURED = {"generate_evidence": "*.json", "generate_fault_matrix": "faults.json"}


def pages() -> dict[Path, bytes]:
    """Every page with its text as it stands now."""
    return {path: path.read_bytes() for path in sorted(DOCS.rglob("*.md"))}


def generate(*, measured: bool) -> None:
    """Write the generated pages; those of measured figures only where something was measured."""
    for path in sorted(DOCS.glob("generate_*.py")):
        made_from = MEASURED.get(path.stem)
        if made_from and not (measured and any(FIGURES.glob(made_from))):
            continue
        importlib.import_module(f"docs.{path.stem}").main()


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check leave them as they are and name those that would change."""
    check = arguments == ["--check"]
    before = pages()
    # A check cannot repeat measurements: only what follows from the sources is compared.
    generate(measured=not check)
    after = pages()
    changed = [path for path in after if before.get(path) != after[path]]
    for path in changed:
        print(f"{'out of date' if check else 'written'}: {path.relative_to(DOCS.parent)}")
        if check and path in before:
            path.write_bytes(before[path])
        elif check:
            path.unlink()
    if check and changed:
        print("next step: make docs")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
