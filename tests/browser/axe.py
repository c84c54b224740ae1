"""axe-core on a page: what is serious or critical. The file comes with axe-playwright-python."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

GRAVE = ("serious", "critical")
# Best practices of axe and what WCAG 2.2 AA asks.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def grave(page: Page) -> list[str]:
    """A line for each serious or critical finding: rule, element, what is wrong with it."""
    page.evaluate(AXE_SCRIPT)
    found: dict[str, Any] = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags},"
        " resultTypes: ['violations']})",
        list(TAGS),
    )
    return [
        f"{rule['id']}: {node['target']}: {node.get('failureSummary', rule['help'])}"
        for rule in found["violations"]
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]
