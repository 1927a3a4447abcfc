"""What each page weighs and takes: first load with everything it brings, and a repeat load."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import urllib.request
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from bench.figures import Figure
from bench.painted import FLAGS, place_in

PAGES = {
    "desk": "/houses/bench/board",
    "roster": "/houses/bench/beds",
    "waiting": "/houses/bench/waiting",
    "shifts": "/houses/bench/shifts",
    "sign in": "/sign-in",
    "wall, not paired": "/wall",
}
TIMES = 5


def run() -> list[Figure]:
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder, place_in(Path(folder)) as place, sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        floor = median(_bare_fetch(place.server.url) for _ in range(20))
        for name, path in PAGES.items():
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            cookie, _equals, value = place.cookie.partition("=")
            if name not in ("sign in", "wall, not paired"):
                context.add_cookies([{"name": cookie, "value": value, "url": place.server.url}])
            page = context.new_page()
            first = _load(page, place.server.url + path)
            repeats = [_load(page, place.server.url + path) for _ in range(TIMES)]
            figures += [
                Figure(f"{name}, first load", first[0] / 1000, "kB"),
                Figure(f"{name}, repeat load", median(each[0] for each in repeats) / 1000, "kB"),
                Figure(f"{name}, repeat load, first byte", median(each[1] for each in repeats), "ms", floor),
            ]
            context.close()
        browser.close()
    return figures


def _bare_fetch(url: str) -> float:
    """The health page of the same server: what a request costs that does nothing."""
    began = time.perf_counter()
    urllib.request.urlopen(f"{url}/health/live", timeout=20).read()
    return (time.perf_counter() - began) * 1000


def _load(page: Page, address: str) -> tuple[float, float]:
    """Bytes over the wire and milliseconds to the first byte."""
    page.goto(address, wait_until="load")
    page.wait_for_timeout(300)
    return tuple(  # type: ignore[return-value]
        page.evaluate(
            "() => { const all = [...performance.getEntriesByType('navigation'),"
            " ...performance.getEntriesByType('resource')];"
            " const first = performance.getEntriesByType('navigation')[0];"
            " const bytes = all.reduce((sum, each) => sum + each.transferSize, 0);"
            " return [bytes, first.responseStart - first.requestStart]; }"
        )
    )
