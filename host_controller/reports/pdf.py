"""A typst template and its data become a PDF.

PDF/A-3a for archives and PDF/UA-1 for readers that speak, both checked by typst while it writes;
the data lie in the file as an attachment, so that a program can read what a person sees. Offline:
fonts come with typst, templates use no packages. Owns no state.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

STANDARDS = ("a-3a", "ua-1")
_TEMPLATES = files("host_controller.reports") / "templates"


def render(
    template: str, data: Mapping[str, Any], pictures: Mapping[str, str], at: datetime
) -> bytes:
    """The PDF of `templates/TEMPLATE.typ`, which reads data.json and `pictures` (name, SVG).

    The same input gives the same bytes: `at` (aware) is the document's time. Raises
    typst.TypstError for a template that does not compile or a document outside the standards.
    """
    import typst  # late: 30 MB that only reports need

    sources = {
        "main.typ": (_TEMPLATES / f"{template}.typ").read_bytes(),
        "style.typ": (_TEMPLATES / "style.typ").read_bytes(),
        "data.json": json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True).encode(),
    }
    sources |= {name: svg.encode() for name, svg in pictures.items()}
    compile_files: Any = typst.compile  # its types do not know that it takes several files
    pdf: bytes = compile_files(
        sources,
        format="pdf",
        pdf_standards=list(STANDARDS),
        ignore_system_fonts=True,  # the same page on every computer
        timestamp=int(at.timestamp()),
    )
    return pdf
