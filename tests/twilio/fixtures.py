"""The fake Twilio for a test: `twilio`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.twilio.companion import FakeTwilio


@pytest.fixture
def twilio(tmp_path: Path) -> Iterator[FakeTwilio]:
    """Started and empty. Where its callbacks go is told by `twilio.house(server.url)`."""
    folder = tmp_path / "twilio"
    folder.mkdir()
    fake = FakeTwilio(folder)
    try:
        yield fake.start()
    finally:
        fake.stop()
