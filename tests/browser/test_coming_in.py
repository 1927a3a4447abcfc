"""Somebody signs in and stands before the desk."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.companions import Companion, arrives, sideways, violations
from tests.browser.conftest import PASSWORD, Place


def test_dana_signs_in_and_sees_the_doors(place: Place, companion: Callable[..., Companion]) -> None:
    dana = companion()
    dana.signs_in("dana@example.org", PASSWORD)
    arrives(dana.page, "/houses/juniper-house/board")
    assert violations(dana.page) == []
    assert sideways(dana.page) == 0
