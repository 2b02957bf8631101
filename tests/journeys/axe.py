"""axe-core in an open page: what it finds against WCAG 2.2 AA and good practice, in words."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

SOURCE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = "tags => axe.run(document, {resultTypes: ['violations'], runOnly: tags}).then(found => found.violations)"


def violations(page: Page) -> list[str]:
    """What axe-core finds on the page as it stands; the debugger's door runs it, whatever the page's policy says."""
    page.evaluate(SOURCE)
    return [
        f"{page.url} {fault['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
        for fault in page.evaluate(RUN, list(RULES))
        for node in fault["nodes"][:3]
    ]
