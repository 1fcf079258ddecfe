"""The rules of axe-core that a page breaks: those of WCAG 2.0, 2.1 and 2.2, levels A and AA, and good practice."""

import json

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = "axe.run(document, %s).then(results => results.violations)"


def violations(page: Page) -> list[str]:
    """A line for each element that breaks a rule, as the page is now."""
    page.evaluate(AXE_SCRIPT)
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    broken = page.evaluate(RUN % json.dumps(options))
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:200]}: {node['failureSummary']}"
        for rule in broken
        for node in rule["nodes"]
    ]
