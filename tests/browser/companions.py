"""People before screens: what they do are verbs, and every page they stand before is checked for faults."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def arrives(page: Page, path: str) -> None:
    """The page stands at an address that ends so (a regular expression), whoever took it there."""
    expect(page).to_have_url(re.compile(path + r"([?#].*)?$"), timeout=PATIENCE_MS)


@dataclass
class Companion:
    """Somebody with a browser of their own. `faults` gathers what their pages complained of."""

    context: BrowserContext
    url: str
    page: Page
    faults: list[str] = field(default_factory=list)

    @classmethod
    def before(cls, context: BrowserContext, url: str) -> Companion:
        context.set_default_timeout(PATIENCE_MS)
        companion = cls(context, url, context.new_page())
        companion.page.on("console", companion._heard)
        companion.page.on("pageerror", lambda error: companion.faults.append(str(error)))
        return companion

    def _heard(self, message: ConsoleMessage) -> None:
        # A line that was cut on purpose is no fault of the page.
        if message.type == "error" and "ERR_" not in message.text and "WebSocket" not in message.text:
            self.faults.append(message.text)

    def goes_to(self, path: str) -> Page:
        self.page.goto(self.url + path, wait_until="load")
        return self.page

    def signs_in(self, email: str, password: str) -> None:
        self.goes_to("/sign-in")
        self.page.fill("input[name=email]", email)
        self.page.fill("input[name=password]", password)
        self.page.click("form:has(input[name=password]) button[type=submit], form:has(input[name=password]) button")
        expect(self.page.locator("input[name=password]")).to_have_count(0)

    def door(self, name: str) -> object:
        return self.page.locator(".card", has=self.page.get_by_role("heading", name=name, exact=True))


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands, in one line each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}}).then(r => r.violations"
        ".map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + (n.any[0]?.message || '')).join(' | ')))",
        AXE_RULES,
    )
    return list(found)


def sideways(page: Page) -> int:
    """How many pixels the page can be pushed sideways; none is as it should be."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
