"""The demo as `make run` makes it, and its page of phones: time is skipped there, and texts are read and answered."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from respite.cli.demo.people import PASSWORD, Someone
from tests.browser.companions import Companion, arrives, sideways, violations
from tests.servers import ROOT, server_for

Bring = Callable[..., Companion]
DAY, HOUR, TEN_MINUTES = timedelta(days=1), timedelta(hours=1), timedelta(minutes=10)
STEPS = {"a week": 7 * DAY, "a day": DAY, "an hour": HOUR, "ten minutes": TEN_MINUTES}
LONG_MS = 240_000  # a week of texts


@dataclass(frozen=True)
class Text:
    """What arrived on a phone, and when by the clock of the house."""

    body: str
    at: datetime


@dataclass
class Phones:
    """The page of phones, where time is skipped and texts are read and answered."""

    page: Page
    zone: ZoneInfo
    skipped: timedelta = field(default=timedelta(0))

    def now(self) -> datetime:
        return (datetime.now(UTC) + self.skipped).astimezone(self.zone)

    def skip(self, step: str) -> None:
        with self.page.expect_navigation(timeout=LONG_MS):
            self.page.get_by_role("button", name=f"Skip ahead {step}").click(timeout=LONG_MS)
        expect(self.page.get_by_text("Skipped ahead.")).to_be_visible()
        self.skipped += STEPS[step]

    def skip_to(self, day: date, clock: time) -> None:
        """At that time or up to ten minutes later, by the longest steps that do not go beyond."""
        goal = datetime.combine(day, clock, self.zone)
        while (wait := goal.astimezone(UTC) - self.now().astimezone(UTC)) > timedelta(0):
            self.skip(next((step for step, length in STEPS.items() if length <= wait), "ten minutes"))

    def phone(self, name: str) -> Locator:
        return self.page.locator(".phone", has=self.page.get_by_role("heading", name=name, exact=True))

    def texts(self, name: str, words: str | re.Pattern[str] = "", since: datetime | None = None) -> list[Text]:
        """What the house sent, with these words in it."""
        found = (
            self.phone(name)
            .locator("li.bubble:not(.bubble--own)")
            .evaluate_all(
                "all => all.map(one => [one.querySelector('p').innerText, one.querySelector('time').dateTime])"
            )
        )
        texts = [Text(body, datetime.fromisoformat(at).astimezone(self.zone)) for body, at in found]
        return [text for text in texts if re.search(words, text.body) and (since is None or text.at >= since)]

    def got(self, name: str, words: str | re.Pattern[str]) -> Text:
        expect(self.phone(name).get_by_text(re.compile(words)).last).to_be_attached()
        return self.texts(name, words)[-1]

    def writes(self, name: str, words: str) -> None:
        mine = self.phone(name).locator(".bubble--own")
        before = mine.count()
        self.phone(name).locator("input[name=words]").fill(words)
        self.phone(name).locator(".phone-write button").click()
        arrives(self.page, "/demo/phones")
        expect(self.phone(name).locator(".bubble--own p").last).to_have_text(words)
        assert before <= mine.count()


@contextmanager
def demo_house(tmp_path: Path, key_file: Path) -> Iterator[str]:
    """The address of a demo house, made and served by what `make run` runs."""
    server = server_for(f"sqlite:///{tmp_path / 'demo.db'}", key_file, tmp_path, REDIS_URL="")
    environ = {**os.environ, **server.environ, "PORT": str(server.port)}
    prepare = [sys.executable, "-m", "flask", "--app", "app", "prepare"]
    subprocess.run(prepare, cwd=ROOT, env=environ, check=True, timeout=300, capture_output=True)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


def signed_in(bring: Bring, someone: Someone) -> Companion:
    companion = bring()
    companion.signs_in(someone.email, PASSWORD)
    return companion


def is_sound(page: Page) -> None:
    assert violations(page) == []
    assert sideways(page) == 0


def yes_in(text: Text) -> str:
    """The short answer that a text asks for."""
    found = re.search(r"Y\d+", text.body)
    assert found is not None
    return found[0]
