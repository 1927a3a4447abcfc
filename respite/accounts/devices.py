"""What a browser is, in two words, so that people know their own sessions again."""

from __future__ import annotations

from flask import request

# The first that fits: other browsers also call themselves Chrome and Safari.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_PLATFORMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def of_request() -> str:
    """Names alone, such as "Firefox · Android": they are the same in every language."""
    agent = request.user_agent.string
    found = [next((name for mark, name in known if mark in agent), "") for known in (_BROWSERS, _PLATFORMS)]
    return " · ".join(name for name in found if name)
