"""`make bench`: our speed beside that of other tools, measured afresh and kept nowhere."""

from rich.console import Console

from tests.evidence.chain import MEASURES
from tests.evidence.report import commit, table

COMPARISONS = ("cli_help_vs_mpremote", "codec_vs_pymavlink")


def main() -> None:
    """Measure the comparisons with other tools and print them."""
    chosen = [measure for ids, measure in MEASURES.items() if set(ids) & set(COMPARISONS)]
    now = commit()
    figures = [row | {"commit": now} for measure in chosen for row in measure()]
    Console().print(table({"name": "bench", "figures": figures}))


if __name__ == "__main__":
    main()
